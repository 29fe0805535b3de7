-- Where the service listens: a Unix socket, or the port and the token that `rpc.json` beside it
-- tells. The order is the one of rpc/README.md ("Connect").

local M = {}

local uv = vim.uv or vim.loop
local MOST_PATH_BYTES = 103 -- what every platform's socket address holds
local MOST_FILE_BYTES = 4096

local function absolute_or_nil(path)
  return path and path:sub(1, 1) == '/' and path or nil
end

local function temporary_directory()
  if uv.os_uname().sysname:find('Windows') then
    return (uv.os_tmpdir():gsub('\\', '/'))
  end
  local named = absolute_or_nil(uv.os_getenv('TMPDIR'))
  local found = named and uv.fs_stat(named)
  return found and found.type == 'directory' and (named:gsub('(.)/+$', '%1')) or '/tmp'
end

local function directory()
  local base = absolute_or_nil(uv.os_getenv('XDG_RUNTIME_DIR'))
  if uv.os_uname().sysname == 'Darwin' then
    base = uv.os_homedir() .. '/Library/Caches'
  end
  local usual = base and (base:gsub('(.)/+$', '%1')) .. '/amp-tray'
  if usual and #(usual .. '/rpc.sock') <= MOST_PATH_BYTES then
    return usual
  end
  return ('%s/amp-tray-%d'):format(temporary_directory(), uv.getuid and uv.getuid() or 0)
end

-- A file of another user's is never believed: a token would be shown to that user's program.
local function is_own(path, kind)
  local found = (kind == 'file' and uv.fs_lstat or uv.fs_stat)(path)
  return found and found.type == kind and (not uv.getuid or found.uid == uv.getuid())
end

-- What `rpc.json` says, nil where there is none that can be used.
local function discovery(path, port)
  local file = is_own(path, 'file') and io.open(path, 'rb')
  if not file then
    return nil
  end
  local text = file:read(MOST_FILE_BYTES) or ''
  file:close()
  local decoded, found = pcall(vim.json.decode, text)
  if not decoded or type(found) ~= 'table' or type(found.token) ~= 'string' then
    return nil
  end
  if found.host ~= '127.0.0.1' or type(found.port) ~= 'number' then
    return nil
  end
  -- The token of one port is not shown to whoever listens at another.
  if port and port ~= found.port then
    return nil
  end
  return { host = found.host, port = found.port, token = found.token }
end

--- Return the ways to the service, each to be tried if those before lead nowhere, and the name
--- of the place for people. A way is `{ path }`, or `{ host, port, token }`.
function M.endpoints(override)
  override = override or uv.os_getenv('AMP_TRAY_SOCKET') or ''
  local port = override:match('^tcp://127%.0%.0%.1:(%d+)$')
  if port then
    return { discovery(directory() .. '/rpc.json', tonumber(port)) }, override
  end
  local path = override ~= '' and override or directory() .. '/rpc.sock'
  local ways = {}
  if is_own(path, 'socket') then
    ways[1] = { path = path }
  end
  ways[#ways + 1] = discovery((path:match('^.*/') or './') .. 'rpc.json')
  return ways, path
end

return M
