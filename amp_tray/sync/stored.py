"""Small JSON files of this user alone: read tolerantly, replaced as a whole."""

from pathlib import Path
from typing import TypeVar

import msgspec

from amp_tray.host.files import write_atomically
from amp_tray.sync.archive import make_private

_T = TypeVar("_T")


def read_stored(path: Path, kind: type[_T], default: _T) -> _T:
    """Return what a file holds; the default where it is not there or holds something else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return default


def write_stored(path: Path, value: object) -> None:
    """Replace a file as a whole; raises OSError where that cannot be."""
    make_private(path.parent)
    write_atomically(path, msgspec.json.encode(value))
