SELECT order_id FROM ods.ods_shop_order_df WHERE ds = :ds
