-- The command; everything else is loaded when it is used.
if vim.g.loaded_amp_tray then
  return
end
vim.g.loaded_amp_tray = true

vim.api.nvim_create_user_command('AmpTray', function(command)
  require('amp_tray').open(command.args ~= '' and command.args or nil)
end, {
  nargs = '?',
  complete = function() return { 'today', '7d', '30d', '3m' } end,
  desc = 'Choose a session and see what it cost',
})
