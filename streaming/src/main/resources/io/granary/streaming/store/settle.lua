-- Ends the state that a correction announced, unless another one or a rebuild has announced its own since.
-- KEYS: as_of   ARGV: since, as it was announced, now (epoch ms)
if redis.call('HGET', KEYS[1], 'correcting') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'since') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'state', 'ok', 'since', ARGV[2])
redis.call('HDEL', KEYS[1], 'correcting')
return 1
