-- What the traffic overview shows. Grain: one row per site.
-- Late rows: follows dws_traffic_site_1d.
WITH sites AS (
    SELECT site, hits, page_views, visitors, client_ips, bytes
    FROM dws.dws_traffic_site_1d
    WHERE ds = :ds
)

SELECT
    site,
    CAST(hits AS BIGINT) AS hits,
    CAST(page_views AS BIGINT) AS page_views,
    CAST(visitors AS BIGINT) AS visitors,
    CAST(client_ips AS BIGINT) AS client_ips,
    CAST(bytes AS BIGINT) AS bytes
FROM sites
