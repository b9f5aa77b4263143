SELECT site, parse_combined(encode(site, 'utf-8')).status AS status
FROM dwd.dwd_shop_hit_di WHERE ds = :ds
