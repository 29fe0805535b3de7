"""One folder per log format: bytes to thread record and diagnostics, and nothing else.

To add a format, add its folder and its line in `SOURCES`.
"""

from collections.abc import Mapping

from amp_tray.sources.amp.source import AMP
from amp_tray.sources.base import Source

SOURCES: Mapping[str, Source] = {AMP.name: AMP}
