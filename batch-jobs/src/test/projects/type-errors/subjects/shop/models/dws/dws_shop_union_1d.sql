SELECT site FROM dwd.dwd_shop_hit_di WHERE ds = :ds
UNION ALL
SELECT site, client_ip FROM dwd.dwd_shop_hit_di WHERE ds = :ds
