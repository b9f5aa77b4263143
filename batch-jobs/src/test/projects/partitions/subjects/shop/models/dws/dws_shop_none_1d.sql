SELECT site FROM dwd.dwd_shop_hit_di
