SELECT site, bitmap_cuont(x'01') AS hits, parse_combind(encode(site, 'utf-8')) AS parsed
FROM dwd.dwd_shop_hit_di WHERE ds = :ds
