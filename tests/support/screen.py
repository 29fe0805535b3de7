"""A program on a screen: what a person would see of it, and keys that they would press.

    with screen(neovim, ["emacs", "-nw"], env) as terminal:
        terminal.wait_for("*scratch*")
        terminal.type("\\x1bxamp-tray-report\\r")

Neovim is the terminal emulator (`screen.lua`): it is what one of the editors under test is
tested in by its makers, too.
"""

import contextlib
import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.support.installed import install

SECONDS = 20.0
_ROWS = 40


class Screen:
    """A program in a terminal."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.lines: list[str] = []
        self._process = process
        self._rest = b""

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def type(self, keys: str) -> None:
        """Type something; `\\r` is Return, `\\x1b` is Escape, and Alt before another key."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(keys).encode() + b"\n")
        self._process.stdin.flush()

    def wait_for(self, *texts: str, without: str | None = None) -> str:
        """Wait until some texts stand on the screen, and another does not; the screen."""
        return self.wait_until(
            lambda: (
                all(text in self.text for text in texts)
                and (without is None or without not in self.text)
            )
        )

    def wait_until(self, condition: Callable[[], bool]) -> str:
        """Wait until a condition holds; the screen."""
        give_up_at = time.monotonic() + SECONDS
        while not condition():
            left = give_up_at - time.monotonic()
            assert left > 0, self.text
            self._read(left)
        return self.text

    def _read(self, seconds: float) -> None:
        assert self._process.stdout is not None
        output = self._process.stdout.fileno()
        if not select.select([output], [], [], seconds)[0]:
            return
        data = os.read(output, 1 << 20)
        assert data, f"the terminal ended: {self.text}"
        *whole, self._rest = (self._rest + data).split(b"\n")
        if whole:
            self.lines = json.loads(whole[-1])


def neovim_command() -> str:
    """Return the command of the Neovim that tests use, installed if need be."""
    return install("install_neovim.sh", "neovim", what="Neovim", needs=())


@contextlib.contextmanager
def screen(neovim: str, command: Sequence[str | Path], env: Mapping[str, str]) -> Iterator[Screen]:
    """Run a program on a screen; both are ended with the context."""
    emulator = Path(__file__).with_suffix(".lua")
    process = subprocess.Popen(
        [neovim, "--clean", "-l", emulator, str(_ROWS), *command],
        env={**env, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    try:
        yield Screen(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
