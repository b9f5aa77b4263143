-- Applies one slice of a batch to one shard, with its fence, or does nothing when it was applied before.
-- KEYS: fence, then the keys that are read or change (all with the shard's hash tag)
-- ARGV: epoch, batch, slice, number of slices of this batch in this shard,
--       for each key but the fence when it expires (epoch seconds, 0 = never),
--       then groups, in which a key is its place in KEYS and limit 0 means none:
--         a, key, limit, by, rows (0: none), n, n times measure and amount     numbers of a combination into a hash
--         s, key, key for %more, hash, limit, by, n, n members                 members into a set
--         p, the same                                                          into a HyperLogLog
--         d, the same                                                          out of a set
--         r, key, hash, limit, by, amount                                      a score in a sorted set
-- A combination that its bucket has no room for goes to %more, whole: it is there when its field `<by>#` is in the hash.
-- Returns 1, 0 when it was applied before, or what Redis would not do, as texts; the rest was done.
local fence = redis.call('HMGET', KEYS[1], 'epoch', 'batch', 'slice', 'slices')
if fence[1] ~= ARGV[1] then
  return redis.error_reply('FENCE epoch ' .. tostring(fence[1] or 'none'))
end
local batch, slice = tonumber(ARGV[2]), tonumber(ARGV[3])
local at_batch, at_slice, at_slices = tonumber(fence[2]), tonumber(fence[3]), tonumber(fence[4])
-- a batch that is complete may come again cut otherwise, as when all of it was counted anew
local is_complete = at_slice == at_slices - 1
if batch == at_batch and not is_complete and tonumber(ARGV[4]) ~= at_slices then
  return redis.error_reply('FENCE cut: batch ' .. fence[2] .. ' had ' .. fence[4] .. ' slices, now ' .. ARGV[4])
end
if batch < at_batch or (batch == at_batch and (slice <= at_slice or is_complete)) then
  return 0
end
local follows = (batch == at_batch and slice == at_slice + 1)
    or (batch == at_batch + 1 and slice == 0 and is_complete)
if not follows then
  return redis.error_reply('FENCE gap after batch ' .. fence[2] .. ' slice ' .. fence[3] .. ' of ' .. fence[4])
end
-- the first write: a Redis that takes none (OOM, MISCONF, READONLY) says so here, before anything has changed
local moved = redis.pcall('HSET', KEYS[1], 'batch', ARGV[2], 'slice', ARGV[3], 'slices', ARGV[4])
if type(moved) == 'table' and moved.err then
  return moved
end

local refused = {}
local function try(...)
  local reply = redis.pcall(...)
  if type(reply) == 'table' and reply.err then
    local _, key, field = ...
    refused[#refused + 1] = reply.err .. ' (' .. key .. ' ' .. tostring(field) .. ')'
    return nil
  end
  return reply
end

local held, grown = {}, {}
local function combinations(hash)
  if not held[hash] then
    held[hash] = tonumber(try('HGET', hash, '%keys') or 0)
  end
  return held[hash]
end
local function has(hash, by)
  return try('HEXISTS', hash, by .. '#') == 1
end

local at = 4 + #KEYS
local groups = {
  a = function()
    local hash, limit, by = KEYS[tonumber(ARGV[at + 1])], tonumber(ARGV[at + 2]), ARGV[at + 3]
    local rows, n = ARGV[at + 4], tonumber(ARGV[at + 5])
    at = at + 6
    local is_full = limit > 0 and combinations(hash) >= limit
    if is_full and not has(hash, by) then
      by = '%more'
    end
    if rows ~= '0' then
      local sum = try('HINCRBY', hash, by .. '#', rows)
      if limit > 0 and not is_full and sum == tonumber(rows) then
        held[hash], grown[hash] = held[hash] + 1, true
      end
    end
    for _ = 1, n do
      try('HINCRBY', hash, by .. '#' .. ARGV[at], ARGV[at + 1])
      at = at + 2
    end
  end,
  r = function()
    local key, hash = KEYS[tonumber(ARGV[at + 1])], KEYS[tonumber(ARGV[at + 2])]
    local limit, by = tonumber(ARGV[at + 3]), ARGV[at + 4]
    if limit == 0 or combinations(hash) < limit or has(hash, by) then
      try('ZINCRBY', key, ARGV[at + 5], by)
    end
    at = at + 6
  end,
}
local function members(command)
  local key, more, hash = ARGV[at + 1], ARGV[at + 2], KEYS[tonumber(ARGV[at + 3])]
  local limit, n = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 6])
  if limit > 0 and combinations(hash) >= limit and not has(hash, ARGV[at + 5]) then
    key = more
  end
  try(command, KEYS[tonumber(key)], unpack(ARGV, at + 7, at + 6 + n))
  at = at + 7 + n
end
groups.s = function() members('SADD') end
groups.p = function() members('PFADD') end
groups.d = function() members('SREM') end
while at <= #ARGV do
  groups[ARGV[at]]()
end
for hash, _ in pairs(grown) do
  try('HSET', hash, '%keys', held[hash])
end
for k = 2, #KEYS do
  if ARGV[3 + k] ~= '0' then
    redis.call('EXPIREAT', KEYS[k], ARGV[3 + k])
  end
end
if #refused > 0 then
  return refused
end
return 1
