-- Figures as people read them: money, short counts, ages. The words are the tray's.

local M = {}

local UNITS = { { 1e3, 'k' }, { 1e6, 'M' }, { 1e9, 'B' }, { 1e12, 'T' } }
local MONTHS = {
  'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec',
}
local PERIODS = { daily = 'day', weekly = 'week', monthly = 'month' }
local LEVELS = { near = 'nearly used up', over = 'used up' }

-- A number of the service, or 0 for anything else: a figure must not break a statusline.
local function number(value)
  return type(value) == 'number' and value or 0
end

-- Half a step goes up, as amounts on paper do. The billionth mends what a binary float lacks.
local function rounded(value, places)
  local scale = 10 ^ places
  return math.floor(value * scale + 0.5 + 1e-9) / scale
end

local function grouped(text)
  local whole, rest = text:match('^(%d+)(.*)$')
  whole = whole:reverse():gsub('(%d%d%d)', '%1,'):reverse():gsub('^,', '')
  return whole .. rest
end

local function decimal(value, places)
  return grouped(('%.' .. places .. 'f'):format(rounded(value, places)))
end

--- `$1,234.56`; an amount that would round away is `<$0.01`.
function M.money(usd)
  usd = number(usd)
  return (usd > 0 and usd < 0.01) and '<$0.01' or '$' .. decimal(usd, 2)
end

--- `77`, `45.1k`, `3.2M`, `1.0B`.
function M.short_number(count)
  count = number(count)
  if count < 1000 then
    return ('%d'):format(count)
  end
  for _, unit in ipairs(UNITS) do
    local scaled = rounded(count / unit[1], 1)
    if scaled < 1000 then
      return ('%.1f%s'):format(scaled, unit[2])
    end
  end
  return decimal(count / 1e12, 0) .. 'T'
end

local function plural(count, one)
  return M.short_number(count) .. ' ' .. one .. (count == 1 and '' or 's')
end

--- `3.2M tokens`.
function M.tokens(count)
  return plural(number(count), 'token')
end

--- `45.1 credits`.
function M.credits(amount)
  amount = number(amount)
  return (amount > 0 and amount < 0.1) and '<0.1 credits' or decimal(amount, 1) .. ' credits'
end

--- A cost that names the tokens without a known price, so that they never look free.
function M.cost(counts)
  local unpriced = number(counts.unpricedTokens)
  local usd = M.money(counts.totalCost)
  if unpriced == 0 then
    return usd
  end
  return ('%s + %s unpriced %s'):format(
    usd, M.short_number(unpriced), unpriced == 1 and 'token' or 'tokens')
end

--- The same where there is little room: `$1.20 +?`.
function M.short_cost(counts)
  return M.money(counts.totalCost) .. (number(counts.unpricedTokens) > 0 and ' +?' or '')
end

--- `$12.34 · 3.2M tokens · 45.1 credits`; no credits recorded is not 0 credits.
function M.usage(counts)
  local parts = { M.cost(counts), M.tokens(counts.totalTokens) }
  if number(counts.credits) > 0 then
    parts[3] = M.credits(counts.credits)
  end
  return table.concat(parts, ' · ')
end

--- `Nov` for `2026-11`; '' for anything else.
function M.month(key)
  return MONTHS[tonumber(tostring(key):match('^%d+%-(%d+)$'))] or ''
end

--- `day nearly used up`, `month used up`; nil for a budget that is far from its end.
function M.budget(row)
  local level = LEVELS[row.level]
  return level and ('%s %s'):format(PERIODS[row.period] or 'budget', level) or nil
end

--- Seconds since the epoch of `2026-11-22T00:12:33.000Z` or `…+01:00`; nil for anything else.
function M.instant(text)
  local parts = { tostring(text):match('^(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)') }
  if #parts == 0 then
    return nil
  end
  for index, part in ipairs(parts) do
    parts[index] = tonumber(part)
  end
  local year, month, day = parts[1], parts[2], parts[3]
  -- Days since the epoch in the proleptic Gregorian calendar, years counted from March.
  if month < 3 then
    year, month = year - 1, month + 12
  end
  local days = 365 * year + math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
    + math.floor((153 * (month - 3) + 2) / 5) + day - 719469
  local sign, hours, minutes = text:match('([+-])(%d%d):(%d%d)$')
  local offset = sign and (hours * 60 + minutes) * (sign == '+' and 60 or -60) or 0
  return ((days * 24 + parts[4]) * 60 + parts[5]) * 60 + parts[6] - offset
end

--- `just now`, `5 min ago`, `2 hours ago`, `3 days ago`; `not recorded` without an instant.
function M.ago(text, now)
  local instant = M.instant(text)
  if not instant then
    return 'not recorded'
  end
  local age = now - instant
  if age < 60 then
    return 'just now'
  elseif age < 3600 then
    return ('%d min ago'):format(age / 60)
  elseif age < 86400 then
    return plural(math.floor(age / 3600), 'hour') .. ' ago'
  end
  return plural(math.floor(age / 86400), 'day') .. ' ago'
end

return M
