-- The campaign of each advertisement. Grain: one row per advertisement.
SELECT
    CAST(s.ad_id AS STRING) AS ad_id,
    CAST(s.campaign_id AS STRING) AS campaign_id,
    :ds AS as_of
FROM dim.seed_ysb_ad AS s
