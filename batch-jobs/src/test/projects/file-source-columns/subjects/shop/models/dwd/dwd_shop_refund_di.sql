SELECT refund_id, amount, amont AS other FROM ods.ods_shop_refund_di WHERE ds = :ds
