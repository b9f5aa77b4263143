SELECT h.site, h.client_ip, h.event_at, s.owner
FROM ods.ods_shop_web_hi AS h
LEFT JOIN dim.dim_shop_site_df AS s ON s.site = h.site AND s.ds = :ds
WHERE h.ds = :ds
