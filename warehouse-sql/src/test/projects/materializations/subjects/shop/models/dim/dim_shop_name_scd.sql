SELECT site, 1 AS hits FROM dwd.dwd_shop_hit_di WHERE ds = :ds
