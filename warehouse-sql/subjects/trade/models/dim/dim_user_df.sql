-- Users of the shop as they were when the day's snapshot was taken. Grain: one row per user.
-- Late rows: none; a snapshot is taken again as a whole.
SELECT
    CAST(u.user_id AS BIGINT) AS user_id,
    CAST(u.user_name AS STRING) AS user_name,
    CAST(u.province AS STRING) AS province,
    CAST(u.registered_at AS TIMESTAMP) AS registered_at
FROM ods.ods_trade_user_df AS u
WHERE u.ds = :ds
