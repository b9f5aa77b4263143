SELECT site FROM dws.dws_shop_self_1d WHERE ds = :ds
