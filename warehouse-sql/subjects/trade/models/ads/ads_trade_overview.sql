-- What the trade overview shows; an order is in exactly one category, so the rows add up to the day.
-- Grain: one row per category. Late rows: follows dws_trade_category_1d.
WITH categories AS (
    SELECT category, orders, order_amount, paid_orders, paid_amount
    FROM dws.dws_trade_category_1d
    WHERE ds = :ds
)

SELECT
    category,
    CAST(orders AS BIGINT) AS orders,
    CAST(order_amount AS DECIMAL(18, 2)) AS order_amount,
    CAST(paid_orders AS BIGINT) AS paid_orders,
    CAST(paid_amount AS DECIMAL(18, 2)) AS paid_amount
FROM categories
