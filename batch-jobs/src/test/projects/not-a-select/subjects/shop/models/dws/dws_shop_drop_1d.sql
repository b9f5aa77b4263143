DROP TABLE dwd.dwd_shop_hit_di
