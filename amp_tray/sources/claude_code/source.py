"""Claude Code as a source: the one value that the registry lists."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from amp_tray.sources.base import Source
from amp_tray.sources.claude_code.roots import find_roots, is_session_log, projects_folder

if TYPE_CHECKING:
    from amp_tray.sources.reading import Passage


def _read_on(blocks: Iterable[bytes], path: str, memory: str) -> "Passage":
    # Who only asks where the files lie need not wait for the decoder's import.
    from amp_tray.sources.claude_code.decode import read_lines  # noqa: PLC0415

    return read_lines(blocks, path, memory)


def _no_page(_thread_id: str) -> None:
    """Sessions lie on this machine alone."""


CLAUDE_CODE = Source(
    name="claude",
    label="Claude Code",
    find_roots=find_roots,
    folder_of=projects_folder,
    is_log=is_session_log,
    decode=None,
    link_of=_no_page,
    read_on=_read_on,
)
