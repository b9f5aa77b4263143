WITH hits AS (
    SELECT site FROM dwd.dwd_shop_hit_di WHERE ds = :ds
)

SELECT site
FROM hits
WHERE hit.site = 1
