-- Every well-formed request, typed and told apart: page view or not, by whom.
-- Grain: one row per access-log line. Late rows: the day they belong to is built again.
SELECT
    h.region,
    h.site,
    h.host,
    h.file,
    h.line_offset,
    h.event_at,
    h.client_ip,
    h.user_name,
    h.method,
    h.url,
    substring_index(h.url, '?', 1) AS path,
    h.protocol,
    h.status,
    h.bytes,
    h.referrer,
    h.user_agent,
    sha2(concat_ws('|', h.site, h.client_ip, coalesce(h.user_agent, '')), 256) AS visitor_id,
    coalesce(
        h.method = 'GET'
        AND h.status IN (200, 304)
        AND NOT lower(substring_index(h.url, '?', 1)) RLIKE
            '[.](css|js|png|jpg|jpeg|gif|svg|ico|webp|woff|woff2|ttf|map|txt|xml|json)$',
        FALSE
    ) AS is_page_view
FROM ods.ods_traffic_access_log_hi AS h
WHERE h.ds = :ds
