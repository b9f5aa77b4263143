SELECT site FROM dwd.dwd_shop_hit_di WHERE ds = :ds;
-- and another
  SELECT 1;
