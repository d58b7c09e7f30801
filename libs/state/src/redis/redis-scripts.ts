/**
 * What Redis does in one step. KEYS[1] is always the entry, index and expiries are the two sorted sets of the name space.
 *
 * An entry is a string: its version, a line feed, its value. It ends by Redis's own expiry.
 * `list` needs the keys in order: the index holds them with equal scores. A key that expired is still in there; hence the
 * second set, by time of expiry: every write clears up to ten of them, more than it adds, so that no sweeper is needed.
 */
const remember = `
  local function now_ms()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
  end
  local function remember(index, expiries, name, until_ms)
    redis.call('ZADD', index, 0, name)
    redis.call('ZADD', expiries, string.format('%.0f', until_ms), name)
    local gone = redis.call('ZRANGEBYSCORE', expiries, '-inf', string.format('(%.0f', now_ms()), 'LIMIT', 0, 10)
    if #gone > 0 then
      redis.call('ZREM', index, unpack(gone))
      redis.call('ZREM', expiries, unpack(gone))
    end
  end
  local function version_of(entry)
    return string.sub(entry, 1, string.find(entry, '\\n', 1, true) - 1)
  end
`;

/** KEYS entry index expiries · ARGV name, value, version, life, mode (any | absent | version), expected → 1 or 0 */
export const setScript = `${remember}
  local mode = ARGV[5]
  if mode ~= 'any' then
    local present = redis.call('GET', KEYS[1])
    if mode == 'absent' and present then return 0 end
    if mode == 'version' and (not present or version_of(present) ~= ARGV[6]) then return 0 end
  end
  redis.call('SET', KEYS[1], ARGV[3] .. '\\n' .. ARGV[2], 'PX', ARGV[4])
  remember(KEYS[2], KEYS[3], ARGV[1], now_ms() + ARGV[4])
  return 1
`;

/** KEYS entry index expiries · ARGV name, mode (any | version), expected → 1 or 0 */
export const deleteScript = `${remember}
  local present = redis.call('GET', KEYS[1])
  if not present or (ARGV[2] == 'version' and version_of(present) ~= ARGV[3]) then return 0 end
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return 1
`;

/** KEYS entry index expiries · ARGV name, by, version, life → the count as a string, or nothing when it is no counter */
export const incrementScript = `${remember}
  local present = redis.call('GET', KEYS[1])
  local count = 0
  if present then
    local value = string.sub(present, string.find(present, '\\n', 1, true) + 1)
    if not string.match(value, '^%-?%d+$') then return nil end
    count = tonumber(value)
  end
  local text = string.format('%.0f', count + tonumber(ARGV[2]))
  if present then
    redis.call('SET', KEYS[1], ARGV[3] .. '\\n' .. text, 'KEEPTTL')
  else
    redis.call('SET', KEYS[1], ARGV[3] .. '\\n' .. text, 'PX', ARGV[4])
    remember(KEYS[2], KEYS[3], ARGV[1], now_ms() + ARGV[4])
  end
  return text
`;

/**
 * Where to begin is said by the caller: Lua here compares strings by the machine's language.
 * KEYS index · ARGV prefix of entries in Redis, first bound, last bound, limit → name, entry, name, entry …
 */
export const listScript = `
  local found = {}
  local from = ARGV[2]
  local limit = tonumber(ARGV[4])
  while #found < 2 * limit do
    local wanted = limit - #found / 2
    local names = redis.call('ZRANGEBYLEX', KEYS[1], from, ARGV[3], 'LIMIT', 0, wanted)
    for _, name in ipairs(names) do
      local entry = redis.call('GET', ARGV[1] .. name)
      if entry then
        found[#found + 1] = name
        found[#found + 1] = entry
      end
    end
    if #names < wanted then break end
    from = '(' .. names[#names]
  end
  return found
`;

/**
 * The fence is the greater of the last one plus one and the time in microseconds, so that it grows even when Redis has lost its data.
 * KEYS lease fence · ARGV holder, life → the fence as a string, or nothing
 */
export const acquireScript = `
  if redis.call('EXISTS', KEYS[1]) == 1 then return nil end
  local time = redis.call('TIME')
  local fence = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, time[1] * 1000000 + time[2])
  local text = string.format('%.0f', fence)
  redis.call('SET', KEYS[2], text)
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return text
`;

/** KEYS lease · ARGV holder, life → 1 or 0 */
export const renewScript = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

/** KEYS lease · ARGV holder → 1 or 0 */
export const releaseScript = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])
`;
