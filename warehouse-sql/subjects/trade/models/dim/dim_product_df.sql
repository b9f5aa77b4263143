-- Products of the shop as they were when the day's snapshot was taken. Grain: one row per product.
-- Late rows: none; a snapshot is taken again as a whole.
SELECT
    CAST(p.product_id AS BIGINT) AS product_id,
    CAST(p.product_name AS STRING) AS product_name,
    CAST(p.category AS STRING) AS category,
    CAST(p.price AS DECIMAL(12, 2)) AS price
FROM ods.ods_trade_product_df AS p
WHERE p.ds = :ds
