WITH h AS (SELECT site, ds AS day FROM dwd.dwd_shop_hit_di) SELECT site FROM h WHERE day >= date_sub(:ds, 6) AND day <= :ds
