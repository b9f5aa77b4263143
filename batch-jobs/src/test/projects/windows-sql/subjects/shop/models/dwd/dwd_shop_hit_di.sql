-- Requests. Grain: one row per line.
SELECT
    h.site,
    h.client_ipp,
    h.event_at
FROM ods.ods_shop_web_hi AS h
WHERE h.ds = :ds
