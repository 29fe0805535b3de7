"""Amp as a source: the one value that the registry lists."""

from amp_tray.sources.amp.roots import find_roots, is_thread_file, threads_folder
from amp_tray.sources.base import Reading, Source


def _decode(data: bytes, path: str, mtime: int) -> Reading:
    # Who only asks where the files lie need not wait for the decoder's import.
    from amp_tray.sources.amp.decode import decode_thread  # noqa: PLC0415

    return decode_thread(data, path, mtime)


AMP = Source(
    name="amp",
    label="Amp",
    find_roots=find_roots,
    folder_of=threads_folder,
    is_log=is_thread_file,
    decode=_decode,
)
