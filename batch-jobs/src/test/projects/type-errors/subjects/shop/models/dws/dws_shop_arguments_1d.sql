SELECT site, round() AS x FROM dwd.dwd_shop_hit_di WHERE ds = :ds
