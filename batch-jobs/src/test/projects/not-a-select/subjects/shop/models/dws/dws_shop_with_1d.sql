WITH s AS (SELECT site FROM dwd.dwd_shop_hit_di)
INSERT INTO dwd.dwd_shop_hit_di SELECT site FROM s
