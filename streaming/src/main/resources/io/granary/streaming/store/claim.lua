-- Makes a shard's fence for an epoch, standing behind a batch; takes it over from an earlier generation of the same token.
-- KEYS: fence   ARGV: token, generation, batch
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local ours = ARGV[1] .. '.' .. ARGV[2]
if epoch == ours then
  return 0
end
if epoch then
  local token, generation = string.match(epoch, '^(.*)%.(%d+)$')
  if token ~= ARGV[1] or tonumber(generation) > tonumber(ARGV[2]) then
    return redis.error_reply('FENCE epoch ' .. epoch)
  end
end
local made = redis.pcall('HSET', KEYS[1], 'epoch', ours, 'batch', ARGV[3], 'slice', '0', 'slices', '1')
if type(made) == 'table' and made.err then
  return made
end
return 1
