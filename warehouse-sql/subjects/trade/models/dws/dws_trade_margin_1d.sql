-- What paid orders of a day bring after the supplier is paid, beside the month's target. Grain: one row per category.
-- Late rows: follows dwd_trade_order_di, dim_product_cost_df and dim_category_target_df.
WITH orders AS (
    SELECT product_id, coalesce(category, 'unknown') AS category, quantity, amount
    FROM dwd.dwd_trade_order_di
    WHERE ds = :ds AND is_paid
),

costs AS (
    SELECT product_id, cost
    FROM dim.dim_product_cost_df
    WHERE ds = :ds
),

paid AS (
    SELECT
        orders.category,
        sum(orders.amount) AS paid_amount,
        sum(orders.quantity * costs.cost) AS cost
    FROM orders
    LEFT JOIN costs ON orders.product_id = costs.product_id
    GROUP BY orders.category
),

targets AS (
    SELECT category, target
    FROM dim.dim_category_target_df
    WHERE ds = :ds
)

SELECT
    coalesce(paid.category, targets.category) AS category,
    CAST(coalesce(paid.paid_amount, 0) AS DECIMAL(18, 2)) AS paid_amount,
    CAST(coalesce(paid.cost, 0) AS DECIMAL(18, 2)) AS cost,
    CAST(coalesce(paid.paid_amount, 0) - coalesce(paid.cost, 0) AS DECIMAL(18, 2)) AS margin,
    CAST(targets.target AS DECIMAL(18, 2)) AS month_target
FROM paid
FULL OUTER JOIN targets ON paid.category = targets.category
