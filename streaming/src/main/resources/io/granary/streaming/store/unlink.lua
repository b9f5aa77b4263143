-- Removes keys of a shard, if its fence is still that of an epoch.
-- KEYS: fence, the keys   ARGV: epoch
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch ~= ARGV[1] then
  return redis.error_reply('FENCE epoch ' .. tostring(epoch or 'none'))
end
local removed = 0
for k = 2, #KEYS do
  removed = removed + redis.call('UNLINK', KEYS[k])
end
return removed
