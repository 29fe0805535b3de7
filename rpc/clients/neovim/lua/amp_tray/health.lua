-- `:checkhealth amp_tray`: what this Neovim has, where the service is looked for, what it says.

local follow = require('amp_tray.follow')
local item = require('amp_tray.item')

local M = {}

local health = vim.health or require('health') -- the names are those of 0.10, else older ones
local start = health.start or health.report_start
local ok = health.ok or health.report_ok
local info = health.info or health.report_info
local warn = health.warn or health.report_warn
local err = health.error or health.report_error

local function check_service(state)
  if state.place then
    info('the service is looked for at ' .. state.place)
  end
  if state.connection == 'connected' then
    ok('connected to amp-tray ' .. state.version)
    ok('the statusline shows: ' .. item.of(state, 'cost').text)
  elseif state.connection == 'starting' then
    ok('the service reads threads for the first time; figures follow')
  elseif state.place then
    err('no connection: ' .. tostring(state.reason or 'not yet'), {
      'Start the service: `amp-tray run` (with the tray) or `amp-tray serve`.',
      'Does it listen elsewhere? `amp-tray status --json` tells `socket`; see |amp-tray-socket|.',
    })
  else
    warn("nothing is followed yet: call require('amp_tray').setup()")
  end
end

function M.check()
  start('amp_tray')
  if vim.fn.has('nvim-0.7') == 1 then
    ok('Neovim is new enough')
  else
    err('Neovim 0.7 or newer is needed')
  end
  check_service(follow.state)
  if vim.fn.has('clipboard') ~= 1 then
    warn('no clipboard: the id of a session is copied into the unnamed register alone')
  end
end

return M
