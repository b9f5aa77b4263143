-- Impressions and clicks of a day by site and creative. Grain: one row per site and creative.
-- Late rows: follows dwd_ads_impression_di and dwd_ads_click_di.
WITH impressions AS (
    SELECT site, creative_id
    FROM dwd.dwd_ads_impression_di
    WHERE ds = :ds
),

clicks AS (
    SELECT site, creative_id
    FROM dwd.dwd_ads_click_di
    WHERE ds = :ds
),

unite_events AS (
    SELECT site, creative_id, 1 AS impressions, 0 AS clicks FROM impressions
    UNION ALL
    SELECT site, creative_id, 0 AS impressions, 1 AS clicks FROM clicks
)

SELECT
    site,
    coalesce(creative_id, 'unknown') AS creative_id,
    CAST(sum(impressions) AS BIGINT) AS impressions,
    CAST(sum(clicks) AS BIGINT) AS clicks
FROM unite_events
GROUP BY site, coalesce(creative_id, 'unknown')
