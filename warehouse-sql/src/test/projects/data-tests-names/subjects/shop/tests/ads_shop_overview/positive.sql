SELECT * FROM ads.ads_shop_overview WHERE hits < 0
