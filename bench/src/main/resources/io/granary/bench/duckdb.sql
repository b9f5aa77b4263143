-- The traffic chain of the reference warehouse in DuckDB's SQL: the same columns from the same rows, each table a Parquet
-- file. What is written otherwise: split_part for substring_index, sha256 for sha2, regexp_matches for RLIKE.
COPY (
    SELECT
        h.region, h.site, h.host, h.file, h.line_offset, h.event_at, h.client_ip, h.user_name, h.method, h.url,
        split_part(h.url, '?', 1) AS path,
        h.protocol, h.status, h.bytes, h.referrer, h.user_agent,
        sha256(concat_ws('|', h.site, h.client_ip, coalesce(h.user_agent, ''))) AS visitor_id,
        coalesce(
            h.method = 'GET'
            AND h.status IN (200, 304)
            AND NOT regexp_matches(lower(split_part(h.url, '?', 1)),
                '[.](css|js|png|jpg|jpeg|gif|svg|ico|webp|woff|woff2|ttf|map|txt|xml|json)$'),
            FALSE
        ) AS is_page_view
    FROM read_parquet(':ods') AS h
) TO ':dwd' (FORMAT parquet);

COPY (
    SELECT
        site,
        count(*) AS hits,
        CAST(count_if(is_page_view) AS BIGINT) AS page_views,
        count(DISTINCT CASE WHEN is_page_view THEN visitor_id END) AS visitors,
        count(DISTINCT client_ip) AS client_ips,
        CAST(coalesce(sum(bytes), 0) AS BIGINT) AS bytes
    FROM read_parquet(':dwd')
    GROUP BY site
) TO ':dws' (FORMAT parquet);

COPY (
    SELECT site, hits, page_views, visitors, client_ips, bytes
    FROM read_parquet(':dws')
) TO ':ads' (FORMAT parquet);
