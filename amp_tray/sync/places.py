"""Where what is fetched lies, below the data directory."""

from pathlib import Path
from typing import NamedTuple

from amp_tray.host.directories import archive_directory


class Places(NamedTuple):
    """The files of a data directory that belong to fetching; none need exist."""

    data_directory: Path

    @property
    def archive(self) -> Path:
        """The root that has the exports in its `threads`."""
        return archive_directory(self.data_directory)

    @property
    def lock(self) -> Path:
        """Held by the process that fetches."""
        return self.data_directory / "sync" / "lock"

    @property
    def state(self) -> Path:
        """What became of the last round, and when the next is due."""
        return self.data_directory / "sync" / "state.json"

    @property
    def threads(self) -> Path:
        """Which threads were exported, as of which change."""
        return self.data_directory / "sync" / "threads.json"

    @property
    def balance(self) -> Path:
        """The balance as last told."""
        return self.data_directory / "sync" / "balance.json"
