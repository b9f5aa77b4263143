SELECT site, count(*) AS hits FROM dwd.dwd_shop_hit_di WHERE ds = :ds GROUP BY site
