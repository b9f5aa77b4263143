-- Sales targets of the day's month, as the newest upload up to the day has them. Grain: one row per category.
-- Late rows: an upload is a whole plan and takes the place of those before it.
WITH plans AS (
    SELECT category, target, rank() OVER (ORDER BY ds DESC) AS age
    FROM ods.ods_trade_target_di
    WHERE ds <= :ds
        AND month = trunc(CAST(:ds AS DATE), 'MM')
)

SELECT
    CAST(category AS STRING) AS category,
    CAST(target AS DECIMAL(18, 2)) AS target
FROM plans
WHERE age = 1
