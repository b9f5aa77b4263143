WITH hits AS (
    SELECT site FROM dwd.dwd_shop_hits_di
),

more AS (
    SELECT site FROM hits
    WHERE site IN (SELECT site FROM dwd_shop_hit_di) OR EXISTS (SELECT 1 FROM elsewhere.other)
)

SELECT more.site FROM more JOIN HITS ON more.site = HITS.site JOIN spark_catalog.dwd.dwd_shop_hit_di AS x ON TRUE
