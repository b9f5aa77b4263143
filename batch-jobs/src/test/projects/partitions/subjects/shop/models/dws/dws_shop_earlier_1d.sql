SELECT site FROM dws.dws_shop_earlier_1d WHERE ds = date_sub(:ds, 1) UNION SELECT site FROM dws.dws_shop_earlier_1d WHERE ds < :ds UNION SELECT site FROM dwd.dwd_shop_hit_di WHERE ds = :ds
