SELECT site, count(*) AS hits, sum(1.5) AS total, NULL AS nothing FROM dwd.dwd_shop_hit_di WHERE ds = :ds GROUP BY site
