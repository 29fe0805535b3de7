-- Staying in touch with the service: connect, greet, subscribe, and again when it is lost.
-- Holds what is known of the service; draws nothing.

local address = require('amp_tray.address')
local connection = require('amp_tray.connection')

local M = {}

local PROTOCOL = '1.0'
local HELLO_MS, CALL_MS = 5000, 15000
local NOT_READY, TOO_MANY_SUBSCRIPTIONS = -32001, -32004
local NOT_READY_MS = 1000
local POLL_MS = 30000 -- where the service takes no more subscribers
local BACK_OFF_MS = { 500, 1000, 2000, 5000, 10000 }

local generation = 0 -- rises when what runs is to end; what belongs to an older one does nothing
local current -- the connection, if any
local failures = 0
local postponed = {} -- calls that came before it was known whether there is a service
local options, changed = {}, function() end

--- What is known: `connection` is 'connecting', 'starting', 'connected' or 'offline'; `summary` is
--- the newest `usage.summary` document, kept while the service is away; `reason` says why it is.
M.state = { connection = 'connecting' }

local attempt

local function tell(connected, reason)
  M.state.connection, M.state.reason = connected, reason
  changed()
  local due = postponed
  postponed = {}
  for _, call in ipairs(due) do
    call()
  end
end

--- What an error says for people.
function M.said(failure)
  local hint = type(failure.data) == 'table' and failure.data.hint
  return (failure.message or 'the service fails') .. (hint and ': ' .. hint or '')
end

-- Subscribed first: what changes while the summary is on its way is not lost. An update may
-- overtake the first summary: the older of the two is dropped.
local function take(summary)
  if type(summary) ~= 'table' then
    return
  elseif type(summary.today) ~= 'table' or type(summary.month) ~= 'table' then
    return
  end
  local revision = tonumber(summary.revision) or 0
  if revision >= M.state.revision then
    M.state.revision, M.state.summary = revision, summary
    tell('connected')
  end
end

local function ask_again_in(ms, ask)
  local mine = generation
  connection.after(ms, function()
    if mine == generation and current and not current.closed then
      ask()
    end
  end)
end

local function subscribe()
  local link = current
  local function ask_summary(unsubscribed)
    link:call('usage.summary', nil, CALL_MS, function(summary, failure)
      if failure then
        return link:close(M.said(failure))
      end
      take(summary)
      failures = 0
      if unsubscribed then
        ask_again_in(POLL_MS, subscribe)
      end
    end)
  end
  link:call('usage.subscribe', nil, CALL_MS, function(_, failure)
    if not failure then
      ask_summary(false)
    elseif failure.code == NOT_READY then
      tell('starting')
      ask_again_in(NOT_READY_MS, subscribe)
    elseif failure.code == TOO_MANY_SUBSCRIPTIONS then
      ask_summary(true)
    else
      link:close(M.said(failure))
    end
  end)
end

local function greet(token)
  local link = current
  local function hello()
    local params = { client = 'neovim', protocol = PROTOCOL }
    link:call('session.hello', params, HELLO_MS, function(result, failure)
      if failure then
        return link:close(M.said(failure))
      end
      local protocol = tostring(result.protocol)
      if protocol:match('^%d+') ~= PROTOCOL:match('^%d+') then
        return link:close('the service speaks protocol ' .. protocol .. ': update this plugin')
      end
      M.state.version, M.state.revision = tostring(result.version), -1
      subscribe()
    end)
  end
  if not token then
    return hello()
  end
  link:call('session.authenticate', { token = token }, HELLO_MS, function(_, failure)
    if failure then
      return link:close(M.said(failure))
    end
    hello()
  end)
end

local function lost(reason)
  current, M.state.version = nil, nil
  failures = failures + 1
  tell('offline', reason)
  local mine = generation
  connection.after(BACK_OFF_MS[math.min(failures, #BACK_OFF_MS)], function()
    if mine == generation then
      attempt()
    end
  end)
end

-- Tries one way after the other; one that was opened and is lost counts as lost.
local function try(ways, index, place)
  local mine, opened = generation, false
  current = connection.open(ways[index], {
    on_open = function()
      opened = true
      greet(ways[index].token)
    end,
    on_notification = function(method, params)
      if mine == generation and method == 'usage.changed' and type(params) == 'table' then
        take(params.summary)
      end
    end,
    on_close = function(reason)
      if mine ~= generation then
        return
      elseif not opened and ways[index + 1] then
        return try(ways, index + 1, place)
      end
      lost(reason)
    end,
  })
end

function attempt()
  local ways, place = address.endpoints(options.socket)
  M.state.place = place
  if #ways == 0 then
    return lost('no service listens at ' .. place)
  end
  try(ways, 1, place)
end

--- Follow the service from now on; `on_change()` is called after every change of `M.state`.
function M.start(with, on_change)
  M.stop()
  options, changed, failures, postponed = with, on_change, 0, {}
  M.state = { connection = 'connecting', revision = -1 }
  attempt()
end

--- Follow it no longer.
function M.stop()
  generation = generation + 1
  if current then
    current:close('stopped')
    current = nil
  end
end

--- Call a method of the service; `callback(result, failure)` as a connection's.
function M.call(method, params, callback)
  if M.state.connection == 'connecting' then
    postponed[#postponed + 1] = function() M.call(method, params, callback) end
  elseif M.state.connection == 'offline' then
    callback(nil, { code = 0, message = M.state.reason or 'no connection to the service' })
  else
    current:call(method, params, CALL_MS, callback)
  end
end

return M
