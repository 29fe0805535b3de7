-- User text made harmless. The service cleans titles, projects and model names already; what
-- reaches a buffer or a prompt is cleaned once more, since any program may sit at the socket.

local M = {}

-- Ranges of code points that are left out: controls, format characters (bidi overrides, zero
-- width), surrogates, private use. The zero-width joiner (200D) stays: emoji are spelled with it.
local HIDDEN = {
  { 0x00, 0x1F }, { 0x7F, 0x9F }, { 0xAD, 0xAD }, { 0x600, 0x605 }, { 0x61C, 0x61C },
  { 0x6DD, 0x6DD }, { 0x70F, 0x70F }, { 0x890, 0x891 }, { 0x8E2, 0x8E2 }, { 0x180E, 0x180E },
  { 0x200B, 0x200C }, { 0x200E, 0x200F }, { 0x202A, 0x202E }, { 0x2060, 0x206F },
  { 0xD800, 0xF8FF }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0x110BD, 0x110BD },
  { 0x110CD, 0x110CD }, { 0x13430, 0x1343F }, { 0x1BCA0, 0x1BCA3 }, { 0x1D173, 0x1D17A },
  { 0xE0000, 0xE007F }, { 0xF0000, 0x10FFFF },
}
local BLANK = {
  [0x09] = true, [0x0A] = true, [0x0B] = true, [0x0C] = true, [0x0D] = true, [0x1C] = true,
  [0x1D] = true, [0x1E] = true, [0x1F] = true, [0x20] = true, [0x85] = true, [0xA0] = true,
  [0x1680] = true, [0x2028] = true, [0x2029] = true, [0x202F] = true, [0x205F] = true,
  [0x3000] = true,
}
-- Sequences go whole, so that no harmless-looking rest such as `[31m` stays.
local ESCAPES = {
  '\27[%]PX%^_][^\7\27]*\7?',
  '\194[\144\152\157-\159][^\7\27\194]*',
  '\27%[[0-?]*[ -/]*[@-~]?',
  '\194\155[0-?]*[ -/]*[@-~]?',
  '\27[ -/]*[0-~]?',
}

local function code_point(char)
  local first, rest = char:byte(1), { char:byte(2, -1) }
  local code = #rest == 0 and first or first % 2 ^ (6 - #rest)
  for _, byte in ipairs(rest) do
    code = code * 64 + byte % 64
  end
  return code
end

local function is_hidden(code)
  for _, range in ipairs(HIDDEN) do
    if code <= range[2] then
      return code >= range[1]
    end
  end
  return false
end

local function shown(char)
  local code = code_point(char)
  if BLANK[code] or (code >= 0x2000 and code <= 0x200A) then
    return ' '
  end
  return is_hidden(code) and '' or char
end

--- Return text as one harmless line of at most `limit` characters; anything else than text as ''.
function M.clean(text, limit)
  if type(text) ~= 'string' then
    return ''
  end
  text = text:sub(1, limit * 32)
  for _, pattern in ipairs(ESCAPES) do
    text = text:gsub(pattern, '')
  end
  local chars = {}
  for char in text:gmatch('[%z\1-\127\194-\244][\128-\191]*') do
    chars[#chars + 1] = shown(char)
  end
  text = vim.trim((table.concat(chars):gsub(' +', ' ')))
  if vim.fn.strchars(text) <= limit then
    return text
  end
  return vim.trim(vim.fn.strcharpart(text, 0, limit - 1)) .. '…'
end

--- Return text as it stands in a statusline that shows it unchanged.
function M.statusline(text)
  return (text:gsub('%%', '%%%%'))
end

return M
