-- Hits by site. Grain: one row per site.
-- grüße
WITH hits AS (
    SELECT site
    FROM dwd.dwd_shop_hit_di
    WHERE ds = :ds
)

SELECT
    site,
    count(*) AS hits
FROM hits
GROUP BY site
