-- What a product costs the shop by the supplier's price list of the day. Grain: one row per product.
-- Late rows: the day is built again when the supplier has sent its list again.
SELECT
    CAST(s.product_id AS BIGINT) AS product_id,
    CAST(s.price AS DECIMAL(12, 2)) AS cost
FROM ods.ods_trade_supplier_price_di AS s
WHERE s.ds = :ds
