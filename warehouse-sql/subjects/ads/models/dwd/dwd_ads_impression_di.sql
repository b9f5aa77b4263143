-- An advertisement shown, typed. Grain: one row per impression, as the ad server wrote it.
-- Late rows: the day they belong to is built again.
SELECT
    e.region,
    e.site,
    e.host,
    e.file,
    e.line_offset,
    e.event_id,
    e.event_at,
    e.campaign_id,
    e.creative_id,
    e.position_id,
    e.visitor_id,
    CAST(e.user_id AS BIGINT) AS user_id,
    e.client_ip,
    e.user_agent
FROM ods.ods_ads_ad_event_hi AS e
WHERE e.ds = :ds
    AND e.event_type = 'impression'
