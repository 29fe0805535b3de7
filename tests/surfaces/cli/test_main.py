"""The command itself: help, version and what it does without a service."""

import sys
from pathlib import Path

import pytest

from amp_tray import __version__
from amp_tray.app.application import Application
from amp_tray.surfaces.cli.main import COMMANDS, run_command_line
from tests.support.sandbox import Sandbox


def test_version(user: Sandbox) -> None:
    assert user.run("--version").stdout == f"amp-tray, version {__version__}\n"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_explains_itself(user: Sandbox, command: str) -> None:
    shown = user.run(*command.split(), "--help")
    assert shown.returncode == 0
    assert shown.stdout.startswith(f"Usage: amp-tray {command}".rstrip())


@pytest.mark.parametrize("command", [["status"], ["rpc", "usage.summary"]])
def test_without_a_service_the_error_says_how_to_start_one(
    user: Sandbox, command: list[str]
) -> None:
    done = user.run(*command)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "amp-tray serve" in done.stderr
    assert "Traceback" not in done.stderr


class Failing(Application):
    """A program that fails as nobody thought of."""

    __slots__ = ()
    error: Exception = RuntimeError("what the thread said")

    @property
    def config_path(self) -> Path:
        raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("what the thread said"), "amp-tray: failed unexpectedly (RuntimeError)"),
        (OSError(28, "No space left on device", "/x\x1b[31m"), "/x: No space left on device"),
    ],
)
def test_a_failure_nobody_thought_of_is_one_line_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr(Failing, "error", error)
    assert run_command_line(Failing({}, Path("/home/u")), ["config", "path"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    first, hint = shown.err.splitlines()
    assert said.removeprefix("/x") in first
    assert "\x1b" not in first
    assert "LOG_LEVEL=trace" in hint
    assert "what the thread said" not in shown.err
    with pytest.raises(type(error)):
        run_command_line(Failing({"LOG_LEVEL": "trace"}, Path("/home/u")), ["config", "path"])
