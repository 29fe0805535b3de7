-- One session in a buffer of its own: figures, models, sub-threads, and what can be done with it.

local figures = require('amp_tray.figures')
local text = require('amp_tray.text')

local M = {}

local KINDS = {
  { 'Input', 'inputTokens' }, { 'Output', 'outputTokens' },
  { 'Cache writes', 'cacheCreationTokens' }, { 'Cache reads', 'cacheReadTokens' },
}
local LABEL = '%-15s %s'

local function or_else(value, otherwise)
  local cleaned = text.clean(value, 200)
  return cleaned ~= '' and cleaned or otherwise
end

--- Return the lines that tell about a `usage.thread` document.
function M.lines(document, now)
  local function row(name, value)
    return LABEL:format(name, value)
  end
  local keys = document.url and 'o opens it in the browser · ' or ''
  local lines = {
    or_else(document.title, 'Untitled thread'), keys .. 'c copies its id · q closes', '',
    row('Cost', figures.cost(document)), row('Total', figures.tokens(document.totalTokens)),
  }
  for _, kind in ipairs(KINDS) do
    lines[#lines + 1] = row(kind[1], figures.tokens(document[kind[2]]))
  end
  if (tonumber(document.credits) or 0) > 0 then
    lines[#lines + 1] = row('Credits', figures.credits(document.credits))
  end
  vim.list_extend(lines, {
    row('Project', or_else(document.project, 'not recorded')),
    row('Last activity', figures.ago(document.lastActivityAt, now)),
    row('Id', or_else(document.sessionId, '')), '', 'Models',
  })
  for _, model in ipairs(document.models or {}) do
    lines[#lines + 1] = ('  %s: %s'):format(or_else(model.model, '?'), figures.usage(model))
  end
  if #(document.subThreads or {}) > 0 then
    vim.list_extend(lines, { '', 'Sub-threads' })
    for _, sub in ipairs(document.subThreads) do
      lines[#lines + 1] = ('  %s · %s'):format(
        or_else(sub.title, 'Untitled thread'), figures.ago(sub.lastActivityAt, now))
    end
  end
  return lines
end

--- Open a web address with what this Neovim has for that; anything but one is refused.
function M.browse(url)
  if type(url) ~= 'string' or not url:match('^https://[%w%.%-]+/[%w%-%._~/]*$') then
    return vim.notify('amp-tray: this session has no web address', vim.log.levels.WARN)
  end
  if vim.ui.open then
    local _, why = vim.ui.open(url)
    return why and vim.notify(url .. ': ' .. why, vim.log.levels.WARN)
  end
  local opener = vim.fn.has('mac') == 1 and 'open' or 'xdg-open'
  if vim.fn.executable(opener) == 1 then
    return vim.fn.jobstart({ opener, url }, { detach = true })
  end
  vim.notify(url)
end

local function copy(session_id)
  session_id = text.clean(session_id, 200)
  vim.fn.setreg('"', session_id)
  if vim.fn.has('clipboard') == 1 then
    vim.fn.setreg('+', session_id)
  end
  vim.notify('amp-tray: copied ' .. session_id)
end

--- Show a `usage.thread` document in a window of its own.
function M.show(document)
  local lines = M.lines(document, os.time())
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden, vim.bo[buffer].filetype = 'wipe', 'amp-tray'
  vim.bo[buffer].modifiable = false
  -- Another window may show the same session: its buffer has the name then.
  pcall(vim.api.nvim_buf_set_name, buffer, 'amp-tray://' .. text.clean(document.sessionId, 200))
  vim.cmd(('botright %dsplit'):format(math.min(#lines, math.floor(vim.o.lines * 2 / 3))))
  vim.api.nvim_win_set_buf(0, buffer)
  vim.cmd('setlocal wrap nonumber norelativenumber')
  vim.fn.matchadd('Title', [[\%1l.*]])
  vim.fn.matchadd('Comment', [[\%2l.*]])
  local function map(key, action)
    vim.keymap.set('n', key, action, { buffer = buffer, nowait = true, silent = true })
  end
  map('o', function() M.browse(document.url) end)
  map('c', function() copy(document.sessionId) end)
  map('q', '<Cmd>close<CR>')
end

return M
