SELECT site
FROM dwd.dwd_shop_hit_di
WHERE ds = :ds AND event_at >= :start
    AND site IN (SELECT site FROM dwd.dwd_shop_hit_di WHERE ds = :day)
    AND client_ip = ?
