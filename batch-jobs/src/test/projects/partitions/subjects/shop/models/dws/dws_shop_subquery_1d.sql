SELECT site FROM dwd.dwd_shop_hit_di WHERE ds = :ds AND site IN (SELECT site FROM dwd.dwd_shop_hit_di)
