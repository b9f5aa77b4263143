SELECT site FROM dws.dws_shop_ods_1d WHERE ds = :ds
