"""The plugin in a real Neovim: the screen of its own terminal interface, driven by keys."""

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import editors
from tests.support.editors import Editor
from tests.support.sandbox import SECONDS, Sandbox
from tests.support.screen import Screen, neovim_command, screen
from tests.support.stand_in import SUMMARY, StandIn

pytestmark = pytest.mark.e2e

PLUGIN = Path(__file__).parents[2] / "rpc/clients/neovim"
INIT = """
require('amp_tray').setup({})
vim.o.laststatus = 2
vim.o.statusline = "%f%=%{%v:lua.require'amp_tray'.status({'highlight': v:true})%} "
vim.ui.open = function(url) vim.notify('opened ' .. url) end
"""
FIGURES = """
local text, figures = require('amp_tray.text'), require('amp_tray.figures')
local said = {}
for index, case in ipairs(vim.json.decode(io.read('*a'))) do
  local name = case[1]:gsub('-', '_')
  said[index] = (figures[name] or text[name])(unpack(case[2]))
end
io.write(vim.json.encode(said))
"""


@pytest.fixture(scope="module")
def neovim() -> str:
    return neovim_command()


@pytest.fixture
def editor(neovim: str) -> Editor:
    @contextlib.contextmanager
    def opened(user: Sandbox) -> Iterator[Screen]:
        install_by_hand(user)
        with screen(neovim, [neovim, user.home / "x.txt"], user.env) as terminal:
            yield terminal

    return Editor(opened, "i", ":AmpTray\r", "1\r", "c", "o")


def test_the_item_follows_the_service(user: Sandbox, editor: Editor) -> None:
    editors.follows_the_service(user, editor)


def test_the_drill_down_shows_a_thread(user: Sandbox, editor: Editor) -> None:
    editors.shows_a_thread(user, editor)


def test_hostile_titles_are_text(user: Sandbox, editor: Editor) -> None:
    editors.shows_hostile_titles_as_text(user, editor)


def test_the_item_says_what_is_to_be_said(user: Sandbox, editor: Editor) -> None:
    editors.says_what_is_to_be_said(user, editor)


def test_answers_of_a_wrong_shape_break_nothing(user: Sandbox, editor: Editor) -> None:
    editors.survives_answers_of_a_wrong_shape(user, editor)


def test_another_protocol_is_refused_in_words(user: Sandbox, editor: Editor) -> None:
    editors.refuses_another_protocol(user, editor)


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_the_editor_never_waits(user: Sandbox, editor: Editor, greeting: bytes) -> None:
    editors.never_waits(user, editor, greeting)


def test_a_service_on_tcp_is_found(user: Sandbox, editor: Editor) -> None:
    editors.speaks_tcp(user, editor)


def test_what_is_to_be_pointed_out_is_coloured_and_percent_signs_are_text(
    user: Sandbox, editor: Editor
) -> None:
    over = {**SUMMARY, "budgets": [{"period": "daily", "level": "over"}]}
    with StandIn(user, editors.answers(over)) as service, editor.open(user) as screen:
        screen.wait_for("Amp $1.10 · day used up")
        screen.type(":lua =require'amp_tray'.status({highlight = true})\r")
        screen.wait_for("%#AmpTrayOver#Amp $1.10 · day used up%*")
        service.tell("usage.changed", {"summary": {**SUMMARY, "revision": 8}})
        screen.wait_until(lambda: screen.lines[-2].rstrip().endswith("Amp $1.10"))
        screen.type(":lua =require'amp_tray'.status({highlight = true}) .. '|'\r")
        screen.wait_for("Amp $1.10|")
        screen.type(":lua require'amp_tray'.setup{format = function() return '%%{1} %c' end}\r")
        screen.wait_until(lambda: screen.lines[-2].rstrip().endswith("  %%{1} %c"))
        screen.type(":lua require'amp_tray'.setup{show = 'tokens', format = 7}\r")
        screen.wait_for("amp-tray: format:", "Amp 100 tokens")
        screen.type(":lua require'amp_tray'.setup{shown = 'tokens'}\r")
        screen.wait_for('unknown option "sh')


def test_the_health_check_tells_where_and_why(user: Sandbox, editor: Editor) -> None:
    with editor.open(user) as screen:
        screen.wait_for("Amp offline")
        screen.type(":checkhealth amp_tray\r")
        screen.wait_for("ERROR no connection: no service listens", "amp-tray serve")
        with user.serving():
            screen.wait_until(lambda: "no usage found" in screen.lines[-2])
            screen.type(":checkhealth amp_tray\r")
            screen.wait_for("OK connected to amp-tray", "OK the statusline shows", without="ERROR")


def test_it_is_installed_as_its_readme_says(neovim: str, user: Sandbox) -> None:
    readme = (PLUGIN / "README.md").read_text("utf-8")
    by_hand = readme.partition("By hand")[2]
    (commands,) = re.findall(r"^```sh\n(.*?)^```$", by_hand, re.MULTILINE | re.DOTALL)
    setup = re.findall(r"^```lua\n(.*?)^```$", by_hand, re.MULTILINE | re.DOTALL)[0]
    shutil.copytree(PLUGIN, user.home / "src/amp-tray/rpc/clients/neovim")
    env = {**user.env, "PATH": f"{Path(neovim).parent}:{user.env['PATH']}"}
    done = subprocess.run(
        ["sh", "-eu", "-c", commands], env=env, capture_output=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    init = user.home / ".config/nvim/init.lua"
    init.parent.mkdir(parents=True)
    init.write_text(setup, "utf-8")
    with screen(neovim, [neovim, user.home / "x.txt"], user.env) as terminal:
        terminal.wait_for("Amp offline")
        terminal.type(":help amp_tray.status()\r")
        terminal.wait_for("The text for a statusline")


def test_the_help_refers_to_what_there_is() -> None:
    text = (PLUGIN / "doc/amp-tray.txt").read_text("utf-8")
    referred = set(re.findall(r"\|(amp[-_]tray[^|\s]*)\|", text))
    assert len(referred) > 5
    assert referred <= set(re.findall(r"\*([^*\s]+)\*", text))
    assert max(map(len, text.splitlines())) <= 78


def test_it_looks_for_the_service_where_it_is(neovim: str, user: Sandbox) -> None:
    script = user.home / "address.lua"
    script.write_text("io.write((select(2, require('amp_tray.address').endpoints())))", "utf-8")
    command: list[str | Path] = [neovim, "--clean", "--cmd", f"set rtp^={PLUGIN}", "-l", script]
    for env, expected in editors.address_cases(user):
        assert subprocess.check_output(command, env=env, text=True, timeout=SECONDS) == expected


def test_its_figures_are_the_trays(neovim: str, tmp_path: Path) -> None:
    script = tmp_path / "figures.lua"
    script.write_text(FIGURES, "utf-8")
    cases = editors.figure_cases()
    done = subprocess.run(
        [neovim, "--clean", "--cmd", f"set rtp^={PLUGIN}", "-l", script],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    said = json.loads(done.stdout)
    assert [(*case[:2], text) for case, text in zip(cases, said, strict=True)] == cases


def install_by_hand(user: Sandbox) -> None:
    """Put the plugin where Neovim looks for packages, and a configuration beside it."""
    place = user.home / ".local/share/nvim/site/pack/amp-tray/start/amp-tray"
    if not place.exists():
        place.parent.mkdir(parents=True)
        place.symlink_to(PLUGIN)
    init = user.home / ".config/nvim/init.lua"
    init.parent.mkdir(parents=True, exist_ok=True)
    init.write_text(INIT, "utf-8")
