SELECT h.site, h.client_ip, h.event_at, s.owner
FROM ods.ods_shop_web_hi AS h
JOIN dim.dim_shop_site_df AS s ON s.owner = h.site AND s.ds = '2026-11-01'
LEFT JOIN dwd.dwd_shop_hit_di AS d ON d.site = h.site AND d.ds = :ds
FULL JOIN dim.dim_shop_site_df AS t ON t.site = h.site AND t.ds = :ds
WHERE h.ds = :ds
