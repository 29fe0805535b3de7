-- One connection to the service: JSON-RPC 2.0, a message a line, over libuv's own pipe or TCP.
-- The same code serves every Neovim from 0.7 on and nothing of it waits; `vim.lsp.rpc.connect`
-- would do from 0.10 on, but reports each failed attempt to the user.

local M = {}

local uv = vim.uv or vim.loop
local CONNECT_MS = 5000
local MOST_BYTES = 256 * 1024 * 1024 -- of a line that does not end

local Connection = {}
Connection.__index = Connection

-- One timer that calls back on the main loop, unless stopped before.
local function after(ms, callback)
  local timer = uv.new_timer()
  timer:start(ms, 0, vim.schedule_wrap(function()
    if not timer:is_closing() then
      timer:close()
      callback()
    end
  end))
  return function()
    if not timer:is_closing() then
      timer:close()
    end
  end
end

M.after = after

--- Connect to an endpoint of `address`. `handlers` are called on the main loop:
--- `on_open()` once messages can be sent, `on_notification(method, params)`, and `on_close(reason)`
--- once, at the end, also of an attempt that fails.
function M.open(endpoint, handlers)
  local self = setmetatable({
    handlers = handlers, waiting = {}, last_id = 0, parts = {}, bytes = 0,
    stream = endpoint.path and uv.new_pipe(false) or uv.new_tcp(),
  }, Connection)
  self.cancel_deadline = after(CONNECT_MS, function() self:close('no connection in time') end)
  local function on_connect(failure)
    if failure then
      return self:close(failure)
    end
    self.cancel_deadline()
    self.stream:read_start(function(err, data)
      if not data then
        return vim.schedule(function() self:close(err or 'the service closed the connection') end)
      end
      self:take(data)
    end)
    handlers.on_open()
  end
  local started, failure = pcall(function()
    local callback = vim.schedule_wrap(on_connect)
    if endpoint.path then
      return assert(self.stream:connect(endpoint.path, callback))
    end
    self.stream:nodelay(true)
    return assert(self.stream:connect(endpoint.host, endpoint.port, callback))
  end)
  if not started then
    vim.schedule(function() self:close(tostring(failure)) end)
  end
  return self
end

--- Call a method; `callback(result, error)` comes within `ms`, error is `{ code, message, data }`.
function Connection:call(method, params, ms, callback)
  self.last_id = self.last_id + 1
  local id = self.last_id
  local cancel = after(ms, function()
    self:answer(id, nil, { code = 0, message = 'the service does not answer' })
  end)
  self.waiting[id] = { callback = callback, cancel = cancel }
  if self.closed then
    return self:answer(id, nil, { code = 0, message = self.closed })
  end
  local request = { jsonrpc = '2.0', id = id, method = method, params = params or vim.empty_dict() }
  self.stream:write(vim.json.encode(request) .. '\n')
end

--- End the connection; again does nothing.
function Connection:close(reason)
  if self.closed then
    return
  end
  self.closed = reason or 'closed'
  self.cancel_deadline()
  if not self.stream:is_closing() then
    self.stream:close()
  end
  for id in pairs(self.waiting) do
    self:answer(id, nil, { code = 0, message = self.closed })
  end
  self.handlers.on_close(self.closed)
end

function Connection:answer(id, result, failure)
  local waiting = self.waiting[id]
  if waiting then -- else the late answer to a call that had timed out
    self.waiting[id] = nil
    waiting.cancel()
    waiting.callback(result, failure)
  end
end

-- Collects what came until a line is whole; runs on libuv's loop, so it only cuts.
function Connection:take(data)
  while true do
    local at = data:find('\n', 1, true)
    if not at then
      break
    end
    self.parts[#self.parts + 1] = data:sub(1, at - 1)
    local line = table.concat(self.parts)
    self.parts, self.bytes, data = {}, 0, data:sub(at + 1)
    vim.schedule(function()
      -- Fault boundary: an answer of an unexpected shape ends this connection and nothing else.
      local fine, why = pcall(self.dispatch, self, line)
      if not fine then
        self:close('unreadable answer: ' .. tostring(why))
      end
    end)
  end
  self.parts[#self.parts + 1] = data
  self.bytes = self.bytes + #data
  if self.bytes > MOST_BYTES then
    vim.schedule(function() self:close('what answers is no amp-tray service') end)
  end
end

function Connection:dispatch(line)
  if self.closed then
    return
  end
  local null_is_nil = { luanil = { object = true, array = true } }
  local decoded, message = pcall(vim.json.decode, line, null_is_nil)
  if not decoded or type(message) ~= 'table' then
    return self:close('what answers is no amp-tray service')
  end
  if message.method then
    self.handlers.on_notification(message.method, message.params or {})
  elseif message.id then
    self:answer(message.id, message.result, message.error)
  else -- an error that belongs to no request: the service understood nothing
    self:close(type(message.error) == 'table' and message.error.message or 'no answer')
  end
end

return M
