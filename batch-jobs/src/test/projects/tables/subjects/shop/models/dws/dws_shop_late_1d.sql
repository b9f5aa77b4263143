WITH early AS (SELECT site FROM late),
late AS (SELECT site FROM dwd.dwd_shop_hit_di WHERE ds = :ds)
SELECT site FROM early
