-- Applies one slice of a batch to one shard, with its fence, or does nothing when it was applied before.
-- KEYS: fence, then the keys that change (all with the shard's hash tag)
-- ARGV: epoch, batch, slice, number of slices of this batch in this shard, seconds to live of each changed key,
--       then triples: index of the key, field or member, amount ('' adds a member to a set)
local fence = redis.call('HMGET', KEYS[1], 'epoch', 'batch', 'slice', 'slices')
if fence[1] ~= ARGV[1] then
  return redis.error_reply('FENCE epoch ' .. tostring(fence[1] or 'none'))
end
local batch, slice = tonumber(ARGV[2]), tonumber(ARGV[3])
local at_batch, at_slice, at_slices = tonumber(fence[2]), tonumber(fence[3]), tonumber(fence[4])
if batch < at_batch or (batch == at_batch and slice <= at_slice) then
  return 0
end
local follows = (batch == at_batch and slice == at_slice + 1)
    or (batch == at_batch + 1 and slice == 0 and at_slice == at_slices - 1)
if not follows then
  return redis.error_reply('FENCE gap after batch ' .. fence[2] .. ' slice ' .. fence[3] .. ' of ' .. fence[4])
end
redis.call('HSET', KEYS[1], 'batch', ARGV[2], 'slice', ARGV[3], 'slices', ARGV[4])
local at = 4 + #KEYS
for i = at, #ARGV, 3 do
  local key = KEYS[tonumber(ARGV[i])]
  if ARGV[i + 2] == '' then
    redis.call('SADD', key, ARGV[i + 1])
  else
    redis.call('HINCRBY', key, ARGV[i + 1], ARGV[i + 2])
  end
end
for k = 2, #KEYS do
  redis.call('EXPIRE', KEYS[k], ARGV[3 + k])
end
return 1
