-- Orders placed on the day, as the day's snapshot knows them, with their user and product.
-- Grain: one row per order. Late rows: the day is built again after its snapshot was taken again.
WITH orders AS (
    SELECT order_id, user_id, product_id, quantity, amount, status, ordered_at, paid_at
    FROM ods.ods_trade_order_df
    WHERE ds = :ds
        AND CAST(ordered_at AS DATE) = CAST(:ds AS DATE)
),

users AS (
    SELECT user_id, province
    FROM dim.dim_user_df
    WHERE ds = :ds
),

products AS (
    SELECT product_id, product_name, category
    FROM dim.dim_product_df
    WHERE ds = :ds
)

SELECT
    CAST(orders.order_id AS BIGINT) AS order_id,
    CAST(orders.user_id AS BIGINT) AS user_id,
    users.province,
    CAST(orders.product_id AS BIGINT) AS product_id,
    products.product_name,
    products.category,
    CAST(orders.quantity AS INT) AS quantity,
    CAST(orders.amount AS DECIMAL(12, 2)) AS amount,
    CAST(orders.status AS STRING) AS status,
    coalesce(orders.status = 'paid', FALSE) AS is_paid,
    CAST(orders.ordered_at AS TIMESTAMP) AS ordered_at,
    CAST(orders.paid_at AS TIMESTAMP) AS paid_at
FROM orders
LEFT JOIN users ON orders.user_id = users.user_id
LEFT JOIN products ON orders.product_id = products.product_id
