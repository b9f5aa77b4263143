SELECT site FROM ods.ods_shop_web_hi WHERE ds = :ds
