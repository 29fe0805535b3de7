"""What a watcher tells of."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Changed:
    """What happened: log files that may have changed, or (`rescan`) the directories did."""

    paths: frozenset[Path]
    rescan: bool = False


RESCAN = Changed(frozenset(), rescan=True)
"""Changes may have gone unseen: everything is to be looked through."""
