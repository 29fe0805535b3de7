-- What coding agents cost today, in the statusline: the parts that a configuration calls.

local follow = require('amp_tray.follow')
local item = require('amp_tray.item')
local text = require('amp_tray.text')

local M = {}

local DEFAULTS = {
  show = 'cost', -- 'cost', 'tokens', 'credits' of today, or the 'month'
  prefix = 'Amp ',
  format = nil, -- function(item) that returns the text instead; see |amp-tray-format|
  sessions = '30d', -- how far back :AmpTray looks
  socket = nil, -- where the service listens, if not where it does by itself
}
local GROUPS = { -- where all is well the statusline's own colours stay
  near = 'AmpTrayNear', over = 'AmpTrayOver', stale = 'AmpTrayStale', offline = 'AmpTrayOffline',
}
local options
local shown = { plain = '', escaped = '', level = 'offline' }

-- Each has a background of its own where it matters: a statusline's may be light or dark.
local function define_highlights()
  local black_on_yellow = { fg = '#1a1a1a', bg = '#f2c744', ctermfg = 0, ctermbg = 11 }
  local white_on_red = { fg = '#ffffff', bg = '#b3261e', ctermfg = 15, ctermbg = 1 }
  local looks = {
    AmpTrayNear = black_on_yellow, AmpTrayOver = white_on_red,
    AmpTrayStale = { link = 'StatusLineNC' }, AmpTrayOffline = { link = 'StatusLineNC' },
  }
  for name, look in pairs(looks) do
    look.default = true
    vim.api.nvim_set_hl(0, name, look)
  end
end

-- A `format` of the user's own that fails shows the usual text, and is told of once.
local function worded(one)
  if not options.format then
    return options.prefix .. one.text
  end
  local fine, words = pcall(options.format, one)
  if fine then
    return tostring(words)
  end
  options.format = nil
  vim.notify('amp-tray: format: ' .. tostring(words), vim.log.levels.ERROR)
  return options.prefix .. one.text
end

local function update()
  local one = item.of(follow.state, options.show)
  local plain = text.clean(worded(one), 200)
  if plain == shown.plain and one.level == shown.level then
    return
  end
  shown = { plain = plain, escaped = text.statusline(plain), level = one.level }
  vim.cmd('redrawstatus!')
  if vim.o.tabline ~= '' then
    vim.cmd('redrawtabline')
  end
  -- What somebody else does then is not this connection's business.
  local event = { pattern = 'AmpTrayUpdate', modeline = false }
  pcall(vim.api.nvim_exec_autocmds, 'User', event)
end

local function check(given)
  for name in pairs(given) do
    if not vim.tbl_contains({ 'show', 'prefix', 'format', 'sessions', 'socket' }, name) then
      error(('amp_tray.setup: unknown option %q'):format(tostring(name)), 3)
    end
  end
  if not item.FIGURES[options.show] then
    error("amp_tray.setup: show takes 'cost', 'tokens', 'credits' or 'month'", 3)
  end
end

--- Follow the service from now on; a second call starts anew. See |amp-tray-setup|.
function M.setup(given)
  options = vim.tbl_extend('force', DEFAULTS, given or {})
  check(given or {})
  define_highlights()
  local group = vim.api.nvim_create_augroup('AmpTray', {})
  vim.api.nvim_create_autocmd('ColorScheme', { group = group, callback = define_highlights })
  vim.api.nvim_create_autocmd('VimLeavePre', { group = group, callback = follow.stop })
  follow.start(options, update)
  update()
end

--- The text for a statusline, `%` escaped; with `{ highlight = true }` in its colour as well.
--- Only what is known already is returned, so it costs nothing to ask for it at each redraw.
function M.status(how)
  local group = how and how.highlight and M.highlight()
  return group and ('%%#%s#%s%%*'):format(group, shown.escaped) or shown.escaped
end

--- The highlight group for what is shown now; nil while there is nothing to point out.
function M.highlight()
  return GROUPS[shown.level]
end

--- Choose a session and look at it; `since` is the first day, as `setup` takes it.
function M.open(since)
  if not options then
    M.setup()
  end
  require('amp_tray.sessions').choose(since or options.sessions)
end

return M
