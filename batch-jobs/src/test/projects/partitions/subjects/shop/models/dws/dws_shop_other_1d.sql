SELECT h.site FROM dwd.dwd_shop_hit_di AS h JOIN dwd.dwd_shop_hit_di AS o ON h.site = o.site WHERE h.ds = :ds OR h.site IS NULL
