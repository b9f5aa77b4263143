WITH hits AS (
    SELECT sitte AS site, client_ip
    FROM dwd.dwd_shop_hit_di
    WHERE ds = :ds AND event_add > '2026-11-01'
)

SELECT
    h.site,
    count(DISTINCT h.client) AS visitors,
    sum(h.client_ip + array(1)) AS broken
FROM hits AS h
WHERE h.client_ip IN (SELECT d.ip FROM dwd.dwd_shop_hit_di AS d WHERE d.ds = :ds)
GROUP BY h.site, h.region
