"""A terminal of a test's own: a program in a pseudo-terminal, and the pictures that it draws."""

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

SECONDS = 20.0
_HOME = b"\x1b[H"
_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]")


class Terminal:
    """A program that draws whole pictures, each from the upper left corner."""

    def __init__(self, process: "subprocess.Popen[bytes]", master: int, slave: int) -> None:
        self.process = process
        self.raw = b""
        self._master = master
        self._slave = slave

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program in it is told by a signal."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys: bytes) -> None:
        """Type something."""
        os.write(self._master, keys)

    @property
    def modes(self) -> list[Any]:
        """The terminal's modes, as `termios` has them."""
        return termios.tcgetattr(self._slave)

    @property
    def picture(self) -> list[str]:
        """The lines of the last picture that is whole, without colours."""
        pictures = self.raw.split(_HOME)[1:-1]
        if not pictures:
            return []
        text = _ESCAPE.sub("", pictures[-1].decode("utf-8", "replace"))
        return [line.strip("\r") for line in text.split("\n")]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Read what the program writes until a condition holds."""
        give_up_at = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < give_up_at, "\n".join(self.picture) or self.raw
            self._read(0.05)

    def wait_for_text(self, text: str) -> list[str]:
        """Wait until a picture has a text; that picture."""
        self.wait_for(lambda: any(text in line for line in self.picture))
        return self.picture

    def end(self) -> int:
        """Wait for the program's end; its exit code."""
        self.wait_for(lambda: self.process.poll() is not None)
        self._read(0)
        assert self.process.returncode is not None
        return self.process.returncode

    def _read(self, seconds: float) -> None:
        while select.select([self._master], [], [], seconds)[0]:
            try:
                self.raw += os.read(self._master, 1 << 16)
            except OSError:  # nobody has it open any more
                return
            seconds = 0


@contextlib.contextmanager
def terminal(
    args: Sequence[str], env: Mapping[str, str], *, columns: int = 100, rows: int = 30
) -> Iterator[Terminal]:
    """Run one `amp-tray` command in a terminal; it is ended with the context."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "amp_tray", *args],
        env={**env, "TERM": "xterm-256color"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        # Ctrl+C and Ctrl+Z reach only those whose controlling terminal this is.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads yet
    )
    made = Terminal(process, master, slave)
    made.resize(columns, rows)
    try:
        yield made
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(SECONDS)
        os.close(master)
        os.close(slave)
