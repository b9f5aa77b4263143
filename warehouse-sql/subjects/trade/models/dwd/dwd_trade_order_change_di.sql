-- The history of orders: every change of a status on the day. Grain: one row per change.
-- Late rows: the day is built again after they are sealed.
SELECT
    CAST(c.change_id AS BIGINT) AS change_id,
    CAST(c.order_id AS BIGINT) AS order_id,
    CAST(c.old_status AS STRING) AS old_status,
    CAST(c.new_status AS STRING) AS new_status,
    CAST(c.changed_at AS TIMESTAMP) AS changed_at
FROM ods.ods_trade_order_change_hi AS c
WHERE c.ds = :ds
