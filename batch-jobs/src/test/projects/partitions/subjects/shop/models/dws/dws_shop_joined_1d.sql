SELECT h.site FROM dwd.dwd_shop_hit_di AS h JOIN dwd.dwd_shop_hit_di AS o ON h.site = o.site AND o.ds = h.ds WHERE h.ds = :ds
