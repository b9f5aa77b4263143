SELECT site, hits + 1 AS hits FROM dws.dws_shop_count_1d WHERE ds = :ds
