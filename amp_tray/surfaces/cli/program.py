"""What the command line needs of the program behind it; `app.Program` is one."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # types alone: a report through the service loads none of these
    from amp_tray.core.snapshot import Snapshot
    from amp_tray.live.queries import Queries
    from amp_tray.sources.base import Source
    from amp_tray_rpc.address import Address

Progress = Callable[[int, int], None]
"""Called with (files read, files to read)."""


class Program(Protocol):
    """The program as its environment configures it."""

    @property
    def env(self) -> Mapping[str, str]:
        """The environment."""

    @property
    def address(self) -> "Address":
        """Where this user's service listens."""

    @property
    def ledger_path(self) -> Path:
        """The ledger's database file."""

    def roots(self) -> "Mapping[Source, tuple[Path, ...]]":
        """Return each source's root directories as real paths."""

    def queries(self) -> "Queries":
        """Return the query façade on this system's clock and zone."""

    def local_zone_name(self) -> str:
        """Return the IANA name of this process's zone."""

    def read_now(self, progress: Progress) -> "tuple[Queries, Snapshot]":
        """Read the files in this process."""

    def explain(self, session: str, progress: Progress) -> bytes:
        """Return the explanation of a session (an id or a prefix) as JSON."""

    def serve(self, *, say: Callable[[str], None]) -> None:
        """Run the service in the foreground."""

    def run(self, *, say: Callable[[str], None]) -> None:
        """Show the tray, and be the service where none runs."""
