"""The command itself: help, version and what it does without a service."""

import pytest

from amp_tray import __version__
from amp_tray.surfaces.cli.main import COMMANDS
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
