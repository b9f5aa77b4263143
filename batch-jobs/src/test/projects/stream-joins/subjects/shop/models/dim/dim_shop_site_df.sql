SELECT site, 'ann' AS owner FROM ods.ods_shop_web_hi WHERE ds = :ds
