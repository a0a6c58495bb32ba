-- Drives Neovim's own language client over a folder, and writes what came of it as JSON.
-- arguments: PYTHON FOLDER RESULT
local python, folder, result = unpack(vim.v.argv, #vim.v.argv - 2)
local told = {}

local function wait(what, ready)
  if not vim.wait(40000, ready, 50) then
    told.failed = "waited too long for " .. what
  end
end

local client = vim.lsp.start_client({
  name = "reconciler",
  cmd = { python, "-P", "-m", "reconciler", "lsp" },
  root_dir = folder,
  workspace_folders = { { uri = vim.uri_from_fname(folder), name = "park" } },
})

local function open(name)
  vim.cmd("edit " .. vim.fn.fnameescape(folder .. "/" .. name))
  vim.bo.filetype = "yaml"
  vim.lsp.buf_attach_client(0, client)
  wait("the server", function()
    local one = vim.lsp.get_client_by_id(client)
    return one ~= nil and one.initialized
  end)
end

local function at(line, text)
  local found = vim.api.nvim_buf_get_lines(0, line - 1, line, true)[1]:find(text, 1, true)
  vim.api.nvim_win_set_cursor(0, { line, found - 1 })
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 30000) or {}
  return (answers[client] or {}).result
end

-- a mistake is marked, and one action mends it
open("new.yaml")
vim.api.nvim_buf_set_lines(0, 0, -1, true, { "contacts:", "  jane:   {emial: jane@example.com}" })
wait("marks", function() return #vim.diagnostic.get(0) > 0 end)
told.marks = vim.tbl_map(function(mark) return mark.message end, vim.diagnostic.get(0))
at(2, "emial")
local chosen = false
vim.ui.select = function(items, _, choose)
  told.actions = vim.tbl_map(function(item) return item[2].title end, items)
  choose(items[1])
  chosen = true
end
vim.lsp.buf.code_action()
wait("the action", function() return chosen end)
wait("no marks", function() return #vim.diagnostic.get(0) == 0 end)

-- what can be written, and what it means
vim.api.nvim_buf_set_lines(0, -1, -1, true, { "product_services: [{product_id: al" })
vim.api.nvim_win_set_cursor(0, { 3, 33 })
vim.cmd("normal! $")
local place = vim.lsp.util.make_position_params()
place.position.character = place.position.character + 1
local offered = ask("textDocument/completion", place) or { items = {} }
told.offered = vim.tbl_map(function(item) return item.label end, offered.items)
vim.api.nvim_buf_set_lines(0, 2, 3, true, {})
at(2, "jane:")
local hover = ask("textDocument/hover", vim.lsp.util.make_position_params())
told.hover = hover and hover.contents.value or ""

-- a format, and what is written then
vim.lsp.buf.formatting_sync(nil, 30000)
told.formatted = vim.api.nvim_buf_get_lines(0, 0, -1, true)
vim.cmd("write")

-- a rename in two files
at(2, "jane")
vim.lsp.buf.rename("jane-doe")
wait("the rename", function()
  return vim.api.nvim_buf_get_lines(0, 1, 2, true)[1]:find("jane-doe", 1, true) ~= nil
end)
vim.cmd("silent wall")
told.definition = ask("textDocument/definition", vim.lsp.util.make_position_params())

local file = assert(io.open(result, "w"))
file:write(vim.fn.json_encode(told))
file:close()
vim.lsp.stop_client(client)
vim.cmd("qa!")
