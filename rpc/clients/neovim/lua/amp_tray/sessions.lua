-- The drill-down: sessions to choose from, then one of them in a buffer.

local figures = require('amp_tray.figures')
local follow = require('amp_tray.follow')
local text = require('amp_tray.text')
local thread = require('amp_tray.thread')

local M = {}

local TITLE = 60

local function tell(message)
  vim.notify('amp-tray: ' .. text.clean(message, 300), vim.log.levels.WARN)
end

local function label(row)
  local title = text.clean(row.title, TITLE)
  local project = text.clean(row.project, TITLE)
  return ('%s — %s%s · %s'):format(
    title ~= '' and title or 'Untitled thread', figures.cost(row),
    project ~= '' and ' · ' .. project or '', figures.ago(row.lastActivityAt, os.time()))
end

-- Calls back with a result that has a member of a type; tells the user of anything else.
local function ask(method, params, member, kind, callback)
  follow.call(method, params, function(result, failure)
    if failure then
      tell(follow.said(failure))
    elseif type(result) ~= 'table' or type(result[member]) ~= kind then
      tell('unreadable answer to ' .. method)
    else
      callback(result)
    end
  end)
end

--- Have the user choose one of the sessions since a day, the dearest first, and show it.
function M.choose(since)
  ask('report.session', { since = since }, 'sessions', 'table', function(report)
    if #report.sessions == 0 then
      return tell('no usage found since ' .. since)
    end
    local prompt = ('Sessions since %s (%s)'):format(since, figures.usage(report.totals or {}))
    local choices = { prompt = prompt, kind = 'amp_tray', format_item = label }
    vim.ui.select(report.sessions, choices, function(row)
      if row then
        ask('usage.thread', { sessionId = row.sessionId }, 'sessionId', 'string', thread.show)
      end
    end)
  end)
end

return M
