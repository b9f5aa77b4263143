-- What the advertising report shows; the ratio beside its two parts, so that rows can be added up.
-- Grain: one row per site and creative. Late rows: follows dws_ads_creative_1d.
WITH creatives AS (
    SELECT site, creative_id, impressions, clicks
    FROM dws.dws_ads_creative_1d
    WHERE ds = :ds
)

SELECT
    site,
    creative_id,
    CAST(impressions AS BIGINT) AS impressions,
    CAST(clicks AS BIGINT) AS clicks,
    CAST(clicks / nullif(impressions, 0) AS DECIMAL(18, 6)) AS click_ratio
FROM creatives
