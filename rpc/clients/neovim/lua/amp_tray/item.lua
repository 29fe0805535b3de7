-- What the statusline says: a figure, and what is to be said of it.

local figures = require('amp_tray.figures')
local text = require('amp_tray.text')

local M = {}

--- The figures that `show` can name, each of a `usage.summary` document.
M.FIGURES = {
  cost = function(summary) return figures.short_cost(summary.today) end,
  tokens = function(summary) return figures.tokens(summary.today.totalTokens) end,
  credits = function(summary) return figures.credits(summary.today.credits) end,
  month = function(summary)
    return vim.trim(figures.short_cost(summary.month) .. ' ' .. figures.month(summary.month.key))
  end,
}

local CONNECTIONS = { connecting = '…', starting = 'reading threads…', offline = 'offline' }
local RANKS = { near = 1, over = 2 }

-- The budget that is worst off, the first of equals; nil while none is near its end.
local function worst_budget(summary)
  local worst
  for _, row in ipairs(type(summary.budgets) == 'table' and summary.budgets or {}) do
    local rank = RANKS[row.level]
    if rank and (not worst or rank > RANKS[worst.level]) then
      worst = row
    end
  end
  return worst
end

--- Return the item for what is known: `text`, plain; `level`: 'ok', 'near', 'over', 'stale' or
--- 'offline'; and the `summary` it is made of, nil before the first.
function M.of(state, show)
  local summary, parts, level = state.summary, {}, 'ok'
  if summary then
    parts[1] = summary.newestEventAt and M.FIGURES[show](summary) or 'no usage found'
    local budget = worst_budget(summary)
    if budget then
      level = budget.level
      parts[#parts + 1] = figures.budget(budget)
    end
    for _, flag in ipairs({ 'paused', 'stale' }) do
      if summary[flag] == true then
        level = 'stale'
        parts[#parts + 1] = flag
      end
    end
  end
  if state.connection ~= 'connected' then
    level = state.connection == 'offline' and 'offline' or 'stale'
    parts[#parts + 1] = CONNECTIONS[state.connection]
  end
  return { text = text.clean(table.concat(parts, ' · '), 200), level = level, summary = summary }
end

return M
