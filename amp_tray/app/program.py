"""The parts put together as the environment configures them; no logic of its own.

Heavy parts are imported inside the functions that need them, so that a report through a
running service loads neither the ledger nor the watcher nor a GUI.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from amp_tray.config.environment import CONFIG_NAME, is_on, source_variable, with_settings
from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.host.directories import (
    archive_directory,
    configuration_directory,
    data_directory,
    listening_address,
    socket_address,
)
from amp_tray.host.log_levels import log_level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amp_tray.config.sync import SyncOptions
    from amp_tray.core.budgets import Budgets
    from amp_tray.core.choices import Metric
    from amp_tray.core.document import Document
    from amp_tray.core.snapshot import Snapshot
    from amp_tray.host.autostart.login import StartAtLogin
    from amp_tray.live.queries import Queries
    from amp_tray.live.query import ReportQuery
    from amp_tray.live.watch import WatchWish
    from amp_tray.live.writer import Progress
    from amp_tray.pricing.book import PriceFiles
    from amp_tray.sources.base import Source
    from amp_tray.sync.rounds import Setup
    from amp_tray_rpc.address import Address

TRAY_LOCK = "tray.lock"
"""The file in the data directory that the one tray of a login holds."""

_MOST_MIB = 4096
_ARCHIVED = "amp"  # the source whose exports are kept
_SYNC_VARIABLE = "AMP_TRAY_SYNC"  # as in `config.sync`, which a report does without


class Program(NamedTuple):
    """The program as configured by its environment.

    Attributes:
        env: the environment with the settings of `config.toml` below it; read nowhere else.
        home: the user's home directory.
        settings_trouble: what is wrong with `config.toml`, which then counts for nothing.
        own_env: the environment without those settings, None where it is `env`.
    """

    env: Mapping[str, str]
    home: Path
    settings_trouble: AmpTrayError | None = None
    own_env: Mapping[str, str] | None = None

    @classmethod
    def configured(cls, env: Mapping[str, str], home: Path) -> Self:
        """Return the program as a process's environment and the user's settings configure it."""
        path = configuration_directory(env, home) / CONFIG_NAME
        try:
            return cls(with_settings(env, path), home, own_env=env)
        except AmpTrayError as error:
            return cls(env, home, error, env)

    def configured_again(self) -> Self:
        """Return the program as the same environment and the settings of now configure it."""
        return self.configured(self.env if self.own_env is None else self.own_env, self.home)

    def check(self) -> None:
        """Look at everything that is configured; raises AmpTrayError for what cannot be."""
        from amp_tray.config.notifications import notification_wishes

        if self.settings_trouble is not None:
            raise self.settings_trouble
        log_level(self.env)
        notification_wishes(self.env)
        _ = (self.refresh_url, self.max_file_bytes, self.roots(), self.watch_wish, self.metric)
        _ = (self.listening_address, self.sync_options)
        self.queries().local_zone()

    @property
    def address(self) -> Address:
        """Where this user's service is found; raises UsageError for what is no place."""
        return socket_address(self.env, self.home)

    @property
    def listening_address(self) -> Address:
        """Where this program's service is to listen; raises UsageError for no such way."""
        return listening_address(self.env, self.home)

    @property
    def data_directory(self) -> Path:
        """Where the ledger and its lock lie."""
        return data_directory(self.env, self.home)

    @property
    def ledger_path(self) -> Path:
        """The ledger's database file."""
        return self.data_directory / "ledger.db"

    @property
    def configuration_directory(self) -> Path:
        """Where `config.toml` and `pricing.toml` lie."""
        return configuration_directory(self.env, self.home)

    @property
    def price_files(self) -> PriceFiles:
        """Where this user's own prices lie, and those that refreshes found."""
        from amp_tray.pricing.book import PriceFiles

        return PriceFiles(
            overlay=self.configuration_directory / "pricing.toml",
            downloads=self.data_directory / "prices.json",
        )

    @property
    def config_path(self) -> Path:
        """The user's `config.toml`, which need not exist."""
        return self.configuration_directory / CONFIG_NAME

    @property
    def offline(self) -> bool:
        """Whether no network is to be used; raises UsageError for neither yes nor no."""
        return is_on(self.env, "AMP_TRAY_OFFLINE")

    @property
    def prices_url(self) -> str:
        """Where prices are asked for."""
        from amp_tray.pricing.litellm import DEFAULT_URL

        return self.env.get("AMP_TRAY_PRICES_URL", "").strip() or DEFAULT_URL

    @property
    def refresh_url(self) -> str | None:
        """Where the service asks for prices; None where it must not."""
        return None if self.offline else self.prices_url

    @property
    def log_path(self) -> Path:
        """The service's log; crash files lie beside it."""
        from amp_tray.host.logs import LOG_NAME, state_directory

        return state_directory(self.env, self.home) / LOG_NAME

    @property
    def command(self) -> tuple[str, ...]:
        """The words that start this very program again."""
        if getattr(sys, "frozen", False):
            return (sys.executable,)
        return (sys.executable, "-m", "amp_tray")

    @property
    def start_at_login(self) -> StartAtLogin:
        """What this user has the system start at login."""
        from amp_tray.host.autostart.login import start_at_login
        from amp_tray.host.install import lasting_command

        frozen = bool(getattr(sys, "frozen", False))
        command = lasting_command(sys.argv[0], sys.executable, frozen=frozen, platform=sys.platform)
        return start_at_login(self.env, self.home, sys.platform, command)

    @property
    def max_file_bytes(self) -> int:
        """The size of the largest log file that is read; raises UsageError for no size."""
        from amp_tray.live.file_state import MAX_FILE_BYTES, MIB

        text = self.env.get("AMP_TRAY_MAX_FILE_MB", "").strip()
        if not text:
            return MAX_FILE_BYTES
        if not text.isdecimal() or not 0 < int(text) <= _MOST_MIB:
            raise UsageError(
                f"AMP_TRAY_MAX_FILE_MB is {text!r}",
                hint=f"set it to a whole number of MiB from 1 to {_MOST_MIB:,}, or unset it",
            )
        return int(text) * MIB

    @property
    def watch_wish(self) -> WatchWish:
        """How the directories are to be watched; raises UsageError for no such way."""
        text = self.env.get("AMP_TRAY_WATCH", "").strip().lower()
        match text:
            case "native" | "poll":
                return text
            case "" | "auto":
                return "auto"
        raise UsageError(f"AMP_TRAY_WATCH is {text!r}", hint="accepted: auto, native, poll")

    @property
    def metric(self) -> Metric:
        """What the tray shows beside its icon; raises UsageError for no such figure."""
        from amp_tray.core.choices import METRICS

        text = self.env.get("AMP_TRAY_METRIC", "").strip().lower() or METRICS[0]
        for metric in METRICS:
            if metric == text:
                return metric
        raise UsageError(f"AMP_TRAY_METRIC is {text!r}", hint=f"accepted: {', '.join(METRICS)}")

    def tray_state(self) -> Mapping[str, object]:
        """Return how a tray is shown here, and by whom.

        `backend` and `reason`: how it is, or would be. `pid`: of the tray that runs, or None.
        `shown`, `standing` and `since`: whether somebody shows it, the same in words, and from
        when on; each None where no tray runs.
        """
        from amp_tray.app.tray_report import read_tray_report
        from amp_tray.host.lock import InstanceLock
        from amp_tray.surfaces.tray.backends.choice import choose_backend

        pid = InstanceLock(self.data_directory / TRAY_LOCK).running_holder()
        told = read_tray_report(self.data_directory, pid) or {}
        choice = choose_backend(self.env, sys.platform)
        return {
            "backend": told.get("backend", choice.kind),
            "reason": told.get("reason", choice.reason),
            "pid": pid,
            "shown": told.get("shown"),
            "standing": told.get("standing"),
            "since": told.get("since"),
        }

    def roots(self) -> dict[Source, tuple[Path, ...]]:
        """Return the root directories of each source that is read, as real paths, existing or not.

        Raises:
            UsageError: a source is neither on nor off.
        """
        from amp_tray.sources import SOURCES

        found = {
            source: tuple(
                Path(os.path.realpath(root)) for root in source.find_roots(self.env, self.home)
            )
            for source in SOURCES.values()
            if is_on(self.env, source_variable(source.name), default=True)
        }
        archive = self._archive()
        if archive is not None and archive not in found[SOURCES[_ARCHIVED]]:
            found[SOURCES[_ARCHIVED]] += (archive,)
        return found

    def _archive(self) -> Path | None:
        """Return the root of exported threads, where it is there or is to be.

        A shell that names directories of its own wants those alone, unless it asks for both.
        """
        own = self.env if self.own_env is None else self.own_env
        if own.get("AMP_DATA_DIR", "").strip() and not is_on(own, _SYNC_VARIABLE):
            return None
        archive = archive_directory(self.data_directory)
        if not archive.is_dir() and not is_on(self.env, _SYNC_VARIABLE):
            return None
        return Path(os.path.realpath(archive))

    @property
    def sync_options(self) -> SyncOptions:
        """How threads are to be fetched; raises UsageError for what cannot be."""
        from amp_tray.config.sync import sync_options

        return sync_options(self.env)

    @property
    def sync_setup(self) -> Setup:
        """What fetching threads works with; raises UsageError for options that cannot be."""
        from amp_tray.host.clock import now_ms
        from amp_tray.sync.places import Places
        from amp_tray.sync.rounds import Setup

        return Setup(
            places=Places(self.data_directory),
            options=self.sync_options,
            env=self.env,
            home=self.home,
            most_export_bytes=self.max_file_bytes,
            clock=now_ms,
        )

    def sync_status(self) -> Document:
        """Return how fetching threads stands."""
        from amp_tray.sync.places import Places
        from amp_tray.sync.status import status_document

        places = Places(self.data_directory)
        return status_document(places, self.sync_options, offline=self.offline)

    def balance(self) -> Document | None:
        """Return the balance as last told, None where that is unknown."""
        from amp_tray.host.clock import now_ms
        from amp_tray.sync.balance import balance_document, read_balance
        from amp_tray.sync.places import Places

        places = Places(self.data_directory)
        if not places.balance.exists():
            return None
        return balance_document(read_balance(places), now_ms())

    def queries(
        self,
        *,
        keeps_rows: bool = False,
        balance: Callable[[], Document | None] | None = None,
    ) -> Queries:
        """Return the query façade on this system's clock and zone.

        Args:
            keeps_rows: for a service, which makes the same rows again and again.
            balance: tells it; None has each summary look for it.
        """
        from amp_tray.host.clock import local_zone, now_ms
        from amp_tray.live.queries import Queries, Zone

        return Queries(
            clock=now_ms,
            local_zone=lambda: Zone(*local_zone(self.env)),
            budgets=self.budgets(),
            balance=self.balance if balance is None else balance,
            keeps_rows=keeps_rows,
        )

    def budgets(self) -> Budgets:
        """Return the user's budgets; raises UsageError for a limit that is none."""
        from amp_tray.config.budgets import budgets_of

        return budgets_of(self.env)

    def local_zone_name(self) -> str:
        """Return the IANA name of this process's zone."""
        from amp_tray.host.zone_name import quick_zone_name

        name = quick_zone_name(self.env)
        if name is not None:
            return name
        from amp_tray.host.clock import local_zone

        return local_zone(self.env)[1]

    def read_now(self, progress: Progress) -> tuple[Queries, Snapshot]:
        """Read the files in this process; return what answers questions of them."""
        from amp_tray.app.reading import read_now

        return read_now(self, progress)

    def report_now(self, query: ReportQuery, progress: Progress) -> bytes:
        """Read the files in this process; return one report."""
        from amp_tray.app.reading import report_now

        return report_now(self, query, progress)

    def explain(self, session: str, progress: Progress) -> bytes:
        """Read the files in this process; return the explanation of a session as JSON."""
        from amp_tray.app.reading import explain_now

        return explain_now(self, session, progress)
