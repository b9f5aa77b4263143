-- Orders of a day by product category. Grain: one row per category.
-- Late rows: follows dwd_trade_order_di.
WITH orders AS (
    SELECT category, amount, is_paid
    FROM dwd.dwd_trade_order_di
    WHERE ds = :ds
)

SELECT
    coalesce(category, 'unknown') AS category,
    CAST(count(*) AS BIGINT) AS orders,
    CAST(sum(amount) AS DECIMAL(18, 2)) AS order_amount,
    CAST(count_if(is_paid) AS BIGINT) AS paid_orders,
    CAST(sum(CASE WHEN is_paid THEN amount ELSE 0 END) AS DECIMAL(18, 2)) AS paid_amount
FROM orders
GROUP BY coalesce(category, 'unknown')
