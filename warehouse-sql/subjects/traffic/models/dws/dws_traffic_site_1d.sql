-- Traffic of a day by site. Grain: one row per site.
-- Late rows: follows dwd_traffic_hit_di.
WITH hits AS (
    SELECT site, client_ip, visitor_id, bytes, is_page_view
    FROM dwd.dwd_traffic_hit_di
    WHERE ds = :ds
)

SELECT
    site,
    CAST(count(*) AS BIGINT) AS hits,
    CAST(count_if(is_page_view) AS BIGINT) AS page_views,
    CAST(count(DISTINCT CASE WHEN is_page_view THEN visitor_id END) AS BIGINT) AS visitors,
    CAST(count(DISTINCT client_ip) AS BIGINT) AS client_ips,
    CAST(coalesce(sum(bytes), 0) AS BIGINT) AS bytes
FROM hits
GROUP BY site
