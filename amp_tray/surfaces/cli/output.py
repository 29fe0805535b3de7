"""Where a report goes: standard output, or a file that is there whole or not at all."""

import contextlib
import os
import stat
import sys
from pathlib import Path

from amp_tray.core.errors import AmpTrayError

STDOUT = "-"
"""The name of no file: standard output, as programs have it."""


class OutputError(AmpTrayError):
    """A report cannot be written to where it should go."""

    title = "the report cannot be written"


def write_to(target: str | None, data: bytes) -> None:
    """Write a whole report to a file, or to standard output where none is named.

    Raises:
        OutputError: it cannot be written; that whoever read it has gone is no error.
    """
    if target is None or target == STDOUT:
        _write_stdout(data)
    else:
        write_file(Path(target), data)


def write_file(path: Path, data: bytes) -> None:
    """Replace a file in one step, its permissions kept; a device or a pipe is written into.

    Raises:
        OutputError: it cannot be written; what was there is as it was.
    """
    try:
        mode = _mode(path)
        if mode is None or stat.S_ISREG(mode):
            # A link stays one: what it leads to is replaced.
            _replace(Path(os.path.realpath(path)), data, mode)
        else:
            path.write_bytes(data)
    except OSError as error:
        hint = (
            "name a file in it"
            if isinstance(error, IsADirectoryError)
            else "name a file in a directory that is there and that you may write to"
        )
        raise OutputError(f"{path}: {_reason(error)}", hint=hint) from error
    except ValueError as error:
        raise OutputError(f"{str(path)!r} is no name of a file", hint="name another") from error


def _mode(path: Path) -> int | None:
    """Return what a path is and who may use it; None where there is nothing."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    aside = target.with_name(f".{target.name[:100]}.{os.getpid()}.tmp")
    try:
        with aside.open("xb") as file:
            if mode is not None:
                aside.chmod(stat.S_IMODE(mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _write_stdout(data: bytes) -> None:
    if sys.stdout is None:  # closed by whoever started this
        raise OutputError("standard output is closed", hint="name a file with --output")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except OSError as error:
        # What did not get out must not be tried again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return  # whoever read it has seen enough
        raise OutputError(f"standard output: {_reason(error)}") from error
