-- A terminal emulator for tests: runs a program in Neovim's own terminal and tells what stands on
-- its screen of 80 columns. `nvim --clean -l screen.lua ROWS PROGRAM …`
-- In: a JSON string a line, typed as it is. Out: a JSON array of the screen's lines, whenever
-- they change. Ends with its input.
local rows = tonumber(arg[1])
vim.o.lines = rows + 1
vim.o.laststatus, vim.o.cmdheight, vim.o.showtabline = 0, 0, 0

local buffer = vim.api.nvim_create_buf(false, true)
vim.api.nvim_win_set_buf(0, buffer)
local job, ended = nil, false

local output = vim.uv.new_pipe(false)
output:open(1)
local told
local function tell()
  local lines = vim.api.nvim_buf_get_lines(buffer, -rows - 1, -1, false)
  local text = vim.json.encode(lines)
  if text ~= told then
    told = text
    output:write(text .. '\n')
  end
end
local due = false
vim.api.nvim_buf_attach(buffer, false, {
  on_lines = function()
    if not due then
      due = true
      vim.schedule(function()
        due = false
        tell()
      end)
    end
  end,
})

local input, pending = vim.uv.new_pipe(false), ''
input:open(0)
input:read_start(vim.schedule_wrap(function(_, data)
  if not data then
    ended = true
    return
  end
  pending = pending .. data
  for line in pending:gmatch('([^\n]*)\n') do
    vim.fn.chansend(job, vim.json.decode(line))
  end
  pending = pending:match('[^\n]*$')
end))

job = vim.fn.jobstart(vim.list_slice(arg, 2), { term = true })
vim.wait(2 ^ 31 - 1, function() return ended end, 1000)
vim.fn.jobstop(job)
vim.fn.jobwait({ job }, 5000)
