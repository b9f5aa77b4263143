-- Hits.
-- Grain: one row per site.
SELECT
    h.site,
    h.clientip AS client_ip
FROM dwd.dwd_shop_hit_di AS h
WHERE h.ds = :ds
