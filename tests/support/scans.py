"""A writer on real directories, and the figures that its reports show."""

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from amp_tray.core.catalogue import Catalogue, Listing
from amp_tray.core.rates import Prices, RateCard, Rates
from amp_tray.core.report import build_report
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.snapshot import Snapshot
from amp_tray.ledger.store import Ledger
from amp_tray.live.file_state import MAX_FILE_BYTES
from amp_tray.live.writer import Writer
from amp_tray.pricing.book import PriceBook
from amp_tray.sources.amp.source import AMP
from tests.support.threads import CLAUDE, ID, encode

NOW = 1_771_000_000_000  # 2026-02-13T16:26:40Z
CARD = RateCard(CLAUDE, "anthropic", 20_000, None, Prices(Rates(5, 25, 6, 1)))
PRICES = PriceBook(
    Catalogue(
        {CLAUDE: Listing(CLAUDE, "anthropic", (CARD,))}, origin="bundled", as_of="2026-01-01"
    ),
    stamp="of the tests",  # so that costs are kept in the ledger
)
COUNTS = (
    *("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "totalTokens"),
    "credits",
)


def put(root: Path, document: object, name: str = ID) -> Path:
    """Write a thread file below a root, as Amp does: aside, then renamed over the target."""
    folder = root / "threads"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    aside = path.with_name(path.name + ".amptmp")
    aside.write_bytes(document if isinstance(document, bytes) else encode(document))
    return aside.replace(path)


def drop(folder: Path, name: str, document: Any) -> Path:
    """Write a file as a person would: under any name, anywhere."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(document if isinstance(document, bytes) else encode(document))
    return path


def open_writer(
    ledger: Ledger | Path | None,
    *roots: Path,
    clock: Callable[[], int] = lambda: NOW,
    max_file_bytes: int = MAX_FILE_BYTES,
) -> Writer:
    """Return a loaded writer on a ledger (by its path, or in memory) and some roots."""
    store = ledger if isinstance(ledger, Ledger) else Ledger(ledger)
    writer = Writer(store, {AMP: roots}, PRICES, clock, max_file_bytes=max_file_bytes)
    writer.load()
    return writer


def scanned(ledger: Ledger | Path | None, *roots: Path) -> Snapshot:
    """Return the snapshot after one scan by a writer of its own."""
    writer = open_writer(ledger, *roots)
    try:
        writer.scan()
        return snapshot_of(writer)
    finally:
        writer.close()


def snapshot_of(writer: Writer) -> Snapshot:
    """Return a writer's present state."""
    return writer.snapshot(1, scanned_at=NOW)


def report(snapshot: Snapshot, kind: str = "daily", zone: tzinfo = UTC) -> dict[str, Any]:
    """Return a report document."""
    options = ReportOptions(zone, str(zone))
    return build_report(snapshot, kind, options, now=NOW, stale=False)


def figures(snapshot: Snapshot) -> dict[str, Any]:
    """Return the counts per day, per session and in total, as the vectors spell them."""
    daily, session = report(snapshot), report(snapshot, "session")
    return {
        "daily": {row["date"]: counts(row) for row in daily["daily"]},
        "sessions": {row["sessionId"]: counts(row) for row in session["sessions"]},
        "totals": counts(daily["totals"]),
    }


def counts(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row's counts and credits."""
    return {name: float(row[name]) if name == "credits" else row[name] for name in COUNTS}


def total_tokens(snapshot: Snapshot) -> int:
    """Return all tokens of a snapshot."""
    tokens: int = report(snapshot)["totals"]["totalTokens"]
    return tokens


def codes(snapshot: Snapshot) -> Sequence[str]:
    """Return the codes of what could not be used."""
    return [item.code.value for item in snapshot.diagnostics]
