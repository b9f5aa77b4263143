SELECT a.site
FROM dwd.dwd_shop_hit_di AS h
JOIN dws.dws_shop_a_1d AS a ON a.site = h.site
