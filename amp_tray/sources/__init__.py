"""One folder per log format: bytes to thread record and diagnostics, and nothing else.

To add a format, add its folder and its line in `SOURCES`.
"""

from collections.abc import Mapping

from amp_tray.sources.amp.source import AMP
from amp_tray.sources.base import Source
from amp_tray.sources.claude_code.source import CLAUDE_CODE

SOURCES: Mapping[str, Source] = {source.name: source for source in (AMP, CLAUDE_CODE)}
