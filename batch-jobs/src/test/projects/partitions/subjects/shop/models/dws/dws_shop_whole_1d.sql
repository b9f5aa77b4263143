SELECT site FROM dws.dws_shop_whole_1d
