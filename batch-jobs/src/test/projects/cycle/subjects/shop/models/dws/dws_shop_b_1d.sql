SELECT site FROM dws.dws_shop_c_1d WHERE ds = :ds
