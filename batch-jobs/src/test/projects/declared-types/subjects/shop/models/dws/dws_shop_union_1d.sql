SELECT site, 1 AS a FROM dwd.dwd_shop_hit_di WHERE ds = :ds
UNION ALL
SELECT site, 2 AS b FROM dwd.dwd_shop_hit_di WHERE ds = :ds
