SELECT site FROM ads.ads_shop_overview WHERE ds = :ds
