WITH h AS (SELECT site, client_ip FROM dwd.dwd_shop_hit_di WHERE ds = :ds)
SELECT client_ip, h.site FROM h ORDER BY 1
