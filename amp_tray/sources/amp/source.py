"""Amp as a source: the one value that the registry lists."""

from amp_tray.sources.amp.decode import decode_thread
from amp_tray.sources.amp.roots import find_roots, is_thread_file, threads_folder
from amp_tray.sources.base import Source

AMP = Source(
    name="amp",
    label="Amp",
    find_roots=find_roots,
    folder_of=threads_folder,
    is_log=is_thread_file,
    decode=decode_thread,
)
