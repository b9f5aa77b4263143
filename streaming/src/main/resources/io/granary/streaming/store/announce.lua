-- Tells readers that a correction begins, unless the counters are being computed anew.
-- KEYS: as_of   ARGV: when it began (epoch ms)
local found = redis.call('HMGET', KEYS[1], 'state', 'since', 'correcting')
if found[1] ~= 'ok' and not (found[3] and found[3] == found[2]) then
  return 0
end
redis.call('HSET', KEYS[1], 'state', 'rebuilding', 'since', ARGV[1], 'correcting', ARGV[1])
return 1
