SELECT t.site FROM {this} AS t JOIN dwd.dwd_shop_hit_di AS h ON h.site = t.site AND h.ds = :ds WHERE t.ds = :ds AND hits < 0
