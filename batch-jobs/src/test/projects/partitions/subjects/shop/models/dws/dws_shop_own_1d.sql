SELECT site FROM dws.dws_shop_own_1d WHERE ds = :ds UNION SELECT site FROM dwd.dwd_shop_hit_di WHERE ds = :ds
