-- Views, with the campaign of their advertisement. Grain: one row per view.
SELECT
    e.region,
    e.host,
    e.file,
    e.line_offset,
    e.user_id,
    e.ad_type,
    e.event_time,
    d.ad_id,
    d.campaign_id
FROM ods.ods_ysb_ad_hi AS e
JOIN dim.dim_ysb_ad_df AS d ON e.ad_id = d.ad_id AND d.ds = :ds
WHERE e.ds = :ds
    AND e.event_type = 'view'
