SELECT CAST(site AS DECIMAL(60, 2)) AS site FROM dwd.dwd_shop_hit_di WHERE ds = :ds
