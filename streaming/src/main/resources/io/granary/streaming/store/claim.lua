-- Makes a shard's fence for a new epoch; refuses when another epoch has counted here.
-- KEYS: fence   ARGV: epoch
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch and epoch ~= ARGV[1] then
  return redis.error_reply('FENCE epoch ' .. epoch)
end
if not epoch then
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'batch', '-1', 'slice', '0', 'slices', '1')
end
return 1
