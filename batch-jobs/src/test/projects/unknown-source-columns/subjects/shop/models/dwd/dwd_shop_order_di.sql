SELECT order_id AS site, amount FROM ods.ods_shop_order_df WHERE ds = :ds
