SELECT s.code AS site FROM dim.seed_shop_code AS s
