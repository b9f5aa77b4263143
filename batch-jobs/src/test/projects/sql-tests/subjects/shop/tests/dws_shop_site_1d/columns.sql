SELECT t.sight
FROM {this} AS t WHERE t.hitts < 0 AND upper(1, 2) = 1
