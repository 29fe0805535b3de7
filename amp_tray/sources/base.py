"""What a log format is to the rest of the program."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # types alone: who asks for the roots loads no record
    from amp_tray.sources.reading import Passage, Reading


class Source(NamedTuple):
    """A log format: where its files lie and how their bytes are read.

    Of files that are written anew as a whole `decode` reads all bytes at once. Of files that
    grow line by line `read_on` reads some lines after others, however large the file is.

    Attributes:
        name: what rows and options call it.
        label: what titles call it.
        find_roots: (environment, home) to the root directories, existing or not, each once.
        folder_of: a root to the directory whose files are read, with the directories below it
            (it may not exist yet).
        is_log: whether a file of that name may be a log of this format; `decode` looks into it.
        decode: (bytes, path, mtime in epoch milliseconds) to what then makes a reading; neither
            raises on data. None where there is `read_on`.
        link_of: a thread's id to the web page that shows the thread, None where there is none.
        read_on: (whole lines some at a time, path, the memory of the lines before them or "") to
            a passage; never raises on data.
    """

    name: str
    label: str
    find_roots: Callable[[Mapping[str, str], Path], tuple[Path, ...]]
    folder_of: Callable[[Path], Path]
    is_log: Callable[[str], bool]
    decode: "Callable[[bytes, str, int], Callable[[], Reading]] | None"
    link_of: Callable[[str], str | None]
    read_on: "Callable[[Iterable[bytes], str, str], Passage] | None" = None
