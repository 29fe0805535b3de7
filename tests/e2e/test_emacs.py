"""The package in a real Emacs: its screen in a terminal, driven by keys; its files in batch."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support import editors
from tests.support.editors import Editor
from tests.support.installed import needed
from tests.support.sandbox import SECONDS, Sandbox
from tests.support.screen import Screen, neovim_command, screen
from tests.support.stand_in import SUMMARY, StandIn

pytestmark = pytest.mark.e2e

PACKAGE = Path(__file__).parents[2] / "rpc/clients/emacs"
INIT = f"""
(add-to-list 'load-path "{PACKAGE}")
(require 'amp-tray)
(amp-tray-mode 1)
(setq browse-url-browser-function (lambda (url &rest _) (message "opened %s" url))
      suggest-key-bindings nil)
"""
FIGURES = """
(require 'amp-tray-figures)
(let ((cases (json-parse-string (read-string "") :object-type 'plist)))
  (princ (json-serialize
          (vconcat (mapcar (lambda (case)
                             (apply (intern (concat "amp-tray-figures-" (aref case 0)))
                                    (append (aref case 1) nil)))
                           cases)))))
"""


@pytest.fixture(scope="module")
def emacs() -> str:
    return needed("emacs")


@pytest.fixture
def editor(emacs: str) -> Editor:
    neovim = neovim_command()  # the terminal

    @contextlib.contextmanager
    def opened(user: Sandbox) -> Iterator[Screen]:
        init = user.home / ".emacs.d/init.el"
        init.parent.mkdir(exist_ok=True)
        init.write_text(INIT, "utf-8")
        with screen(neovim, [emacs, "-nw", user.home / "x.txt"], user.env) as terminal:
            yield terminal

    return Editor(opened, "", "\x1bxamp-tray-report\r", "\r", "w", "o")


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


def test_the_mode_is_turned_off_and_on(user: Sandbox, editor: Editor) -> None:
    with StandIn(user, editors.answers(SUMMARY)), editor.open(user) as screen:
        screen.wait_for("Amp $1.10")
        screen.type("\x1bxamp-tray-mode\r")
        screen.wait_for("Amp-Tray mode disabled", without="Amp $1.10")
        screen.type("\x1bxamp-tray-mode\r")
        screen.wait_for("Amp $1.10")


def test_a_percent_sign_is_shown_and_a_setting_counts_at_once(
    user: Sandbox, editor: Editor
) -> None:
    with StandIn(user, editors.answers(SUMMARY)), editor.open(user) as screen:
        screen.wait_for("Amp $1.10")
        screen.type('\x1b:(customize-set-variable \'amp-tray-prefix "100% %b ")\r')
        screen.wait_for("100% %b $1.10")


def test_nothing_is_left_behind_by_connections(user: Sandbox, editor: Editor) -> None:
    with editor.open(user) as screen:
        for _ in range(2):
            with StandIn(user, editors.answers(SUMMARY)):
                screen.wait_for("Amp $1.10", without="offline")
            screen.wait_for("offline")
        screen.type('\x1b:(length (seq-filter (lambda (b) (string-match-p "amp-tray" ')
        screen.type("(buffer-name b))) (buffer-list)))\r")
        screen.wait_for("0 (#o0, #x0, ?\\C-@)", without="jsonrpc")


def test_it_compiles_without_a_warning_and_is_documented(emacs: str, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "amp-tray")
    files = sorted((tmp_path / "amp-tray").glob("*.el"))
    for words in (
        ["--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", *files],
        [part for file in files for part in ("--eval", f'(checkdoc-file "{file}")')],
    ):
        done = batch(emacs, "-L", tmp_path / "amp-tray", *words)
        assert (done.returncode, done.stderr) == (0, "")
    assert {file.stem for file in files} == {file.stem for file in tmp_path.rglob("*.elc")}


def test_it_installs_as_a_package(emacs: str, user: Sandbox) -> None:
    install = f'(progn (package-initialize) (package-install-file "{PACKAGE}"))'
    done = batch(emacs, "-l", "package", "--eval", install, env=user.env)
    assert done.returncode == 0, done.stderr
    use = "(princ (list (commandp (quote amp-tray-report)) (amp-tray-mode 1) (amp-tray-status)))"
    done = batch(emacs, "-l", "package", "-f", "package-initialize", "--eval", use, env=user.env)
    assert (done.returncode, done.stdout) == (0, "(t t  Amp …)"), done.stderr


def test_it_looks_for_the_service_where_it_is(emacs: str, user: Sandbox) -> None:
    tell = "(princ (car (amp-tray-address-find nil)))"
    for env, expected in editors.address_cases(user):
        done = batch(emacs, "-L", PACKAGE, "-l", "amp-tray-address", "--eval", tell, env=env)
        assert (done.stdout, done.stderr) == (expected, "")


def test_its_figures_are_the_trays(emacs: str, tmp_path: Path) -> None:
    script = tmp_path / "figures.el"
    script.write_text(FIGURES, "utf-8")
    cases = editors.figure_cases()
    done = batch(emacs, "-L", PACKAGE, "-l", script, typed=json.dumps(cases) + "\n")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [(*case[:2], text) for case, text in zip(cases, said, strict=True)] == cases


def batch(
    emacs: str, *words: str | Path, typed: str = "", env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run Emacs without a screen."""
    return subprocess.run(
        [emacs, "-Q", "--batch", *words],
        input=typed,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env=env,
    )
