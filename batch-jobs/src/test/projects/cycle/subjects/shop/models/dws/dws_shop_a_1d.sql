SELECT site FROM dws.dws_shop_b_1d WHERE ds = :ds
