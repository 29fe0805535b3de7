"""What the command line needs of the program behind it; `app.Program` is one."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # types alone: a report through the service loads none of these
    from amp_tray.core.budgets import Budgets
    from amp_tray.core.document import Document
    from amp_tray.core.errors import AmpTrayError
    from amp_tray.core.snapshot import Snapshot
    from amp_tray.host.autostart.login import StartAtLogin
    from amp_tray.live.queries import Queries
    from amp_tray.live.query import ReportQuery
    from amp_tray.pricing.book import PriceFiles
    from amp_tray.sources.base import Source
    from amp_tray.sync.rounds import Setup
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

    @property
    def price_files(self) -> "PriceFiles":
        """Where this user's own prices lie, and those that refreshes found."""

    @property
    def log_path(self) -> Path:
        """The service's log; crash files lie beside it."""

    @property
    def command(self) -> tuple[str, ...]:
        """The words that start this very program again."""

    @property
    def config_path(self) -> Path:
        """The user's `config.toml`, which need not exist."""

    @property
    def settings_trouble(self) -> "AmpTrayError | None":
        """What is wrong with `config.toml`, which then counts for nothing."""

    @property
    def offline(self) -> bool:
        """Whether no network is to be used."""

    @property
    def prices_url(self) -> str:
        """Where prices are asked for."""

    @property
    def start_at_login(self) -> "StartAtLogin":
        """What this user has the system start at login."""

    @property
    def sync_setup(self) -> "Setup":
        """What fetching threads works with."""

    def sync_status(self) -> "Document":
        """Return how fetching threads stands."""

    def tray_state(self) -> "Mapping[str, object]":
        """Return how a tray is shown here, and by whom.

        `backend` and `reason`: how it is, or would be. `pid`: of the tray that runs, or None.
        `shown`, `standing` and `since`: whether somebody shows it, the same in words, and from
        when on; each None where no tray runs.
        """

    def roots(self) -> "Mapping[Source, tuple[Path, ...]]":
        """Return each source's root directories as real paths."""

    def queries(self) -> "Queries":
        """Return the query façade on this system's clock and zone."""

    def budgets(self) -> "Budgets":
        """Return the user's budgets."""

    def local_zone_name(self) -> str:
        """Return the IANA name of this process's zone."""

    def read_now(self, progress: Progress) -> "tuple[Queries, Snapshot]":
        """Read the files in this process."""

    def report_now(self, query: "ReportQuery", progress: Progress) -> bytes:
        """Read the files in this process and return one report."""

    def explain(self, session: str, progress: Progress) -> bytes:
        """Return the explanation of a session (an id or a prefix) as JSON."""

    def serve(
        self,
        *,
        say: Callable[[str], None],
        offline: bool = False,
        transport: str | None = None,
        detached: bool = False,
    ) -> None:
        """Run the service in the foreground; detached, without output once it listens."""

    def run(self, *, say: Callable[[str], None], offline: bool = False) -> None:
        """Show the tray, and be the service where none runs."""
