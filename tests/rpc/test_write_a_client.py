"""The README's clients, each as it stands there, against a server that runs."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rpc.fakes import Running
from tests.support.installed import needed
from tests.support.screen import neovim_command

README = Path(__file__).parents[2] / "rpc/README.md"
SECTION = README.read_text("utf-8").partition("\n## Write a client\n")[2].partition("\n## ")[0]
CLIENTS: dict[str, str] = dict(
    re.findall(r"^```(?!text)(\w+)\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
)
(LINES,) = re.findall(r"((?:^    .*\n)+)\nThe last line comes", SECTION, re.MULTILINE)
(SHELL_LINES,) = re.findall(r"^```text\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)

Command = Callable[[Path], list[str | Path]]


def emacs(script: Path) -> list[str | Path]:
    """Emacs prints messages on its standard error, and ends with the script."""
    stay = "(while t (accept-process-output nil 60))"
    return [needed("emacs"), "-Q", "--batch", "-l", script, "--eval", stay]


def neovim(script: Path) -> list[str | Path]:
    """Neovim shows messages on its screen; here they go, a line each, to the standard output."""
    show = "lua print = function(text) io.stdout:write(text, '\\n') io.stdout:flush() end"
    return [neovim_command(), "--clean", "--headless", "--cmd", show, "-c", f"luafile {script}"]


@pytest.mark.parametrize(
    ("language", "command"),
    [
        ("sh", lambda script: [needed("nc") and "sh", "-eu", script]),
        ("python", lambda script: [sys.executable, script]),
        ("js", lambda script: [needed("node"), script]),
        pytest.param("lua", neovim, marks=pytest.mark.e2e),
        pytest.param("elisp", emacs, marks=pytest.mark.e2e),
    ],
)
async def test_a_client_shows_what_it_says_and_hears_of_the_next_change(
    language: str, command: Command, running: Running, tmp_path: Path
) -> None:
    script = tmp_path / f"client.{language}"
    script.write_text(CLIENTS[language], "utf-8")
    expected = [line.strip() for line in (SHELL_LINES if language == "sh" else LINES).splitlines()]
    runtime = str(running.address.path.parents[1])
    process = await asyncio.create_subprocess_exec(
        *command(script),
        stdin=PIPE,  # a person's terminal: it does not end
        stdout=PIPE,
        stderr=STDOUT,
        env={"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": runtime, "HOME": runtime},
        start_new_session=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(30):
            while len(said) < len(expected) and (line := await process.stdout.readline()):
                said.append(line.decode().strip())
                if len(said) == len(expected) - 1:
                    running.backend.publish()
    finally:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()
    assert sorted(said[:-1]) == sorted(expected[:-1])  # answers may overtake each other
    assert said[-1:] == expected[-1:]


def test_every_client_is_run() -> None:
    assert set(CLIENTS) == {"sh", "python", "js", "lua", "elisp"}
