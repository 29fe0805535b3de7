"""How fetching threads stands, in words: for `sync`, `status` and the doctor.

In: the document of `sync.status`, as the service tells it too. Out: text.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from amp_tray.core.figures import ago, plural
from amp_tray.core.text import clean

Status = Mapping[str, Any]

_PATH_WIDTH = 4096


def short_line(status: Status, now: datetime | None = None) -> str:
    """Return how it stands in one line."""
    now = datetime.now(UTC) if now is None else now
    parts = [_state(status)]
    if status["running"]:
        parts.append("a round goes on")
    if status["lastRunAt"] is not None:
        parts.append(f"last run {ago(_instant(status['lastRunAt']), now)}")
        parts.append(
            f"{status['exported']:,} exported"
            if status["lastError"] is None
            else f"it failed: {clean(status['lastError'])}"
        )
    if status["waiting"]:
        parts.append(f"{status['waiting']:,} left to the next")
    if status["nextRunAt"] is not None:
        parts.append(f"next run {_in(_instant(status['nextRunAt']) - now)}")
    return "; ".join(parts)


def lacking_line(status: Status) -> str | None:
    """Return what the exports cannot tell; None where they tell all."""
    lacking = [
        f"{status[key]:,} {what}"
        for key, what in (
            ("withoutCredits", "without credits"),
            ("withoutToolInferences", "without the model calls that tools made"),
        )
        if status[key]
    ]
    if not lacking:
        return None
    exports = plural(status["exports"], "exported thread", "exported threads")
    return f"of {exports}: {', '.join(lacking)} (Amp's exports leave them out)"


def status_lines(status: Status, now: datetime | None = None) -> Iterator[str]:
    """Yield all that is known, a line each."""
    yield f"{'Sync':<10} {short_line(status, now)}"
    if status["hint"] is not None:
        yield f"{'':<10} {clean(status['hint'])}"
    if status["program"] is not None:
        yield f"{'Program':<10} {clean(status['program'], _PATH_WIDTH)}"
    exports = plural(status["exports"], "thread", "threads")
    yield f"{'Archive':<10} {clean(status['archive'], _PATH_WIDTH)}: {exports}"
    unusable = [
        f"{status[key]:,} {what}"
        for key, what in (("failed", "not exported"), ("refused", "without a usable id"))
        if status[key]
    ]
    if unusable:
        yield f"{'Unusable':<10} {', '.join(unusable)} in the last round"
    lacking = lacking_line(status)
    if lacking is not None:
        yield f"{'Lacking':<10} {lacking}"
    if status["balanceError"] is not None:
        yield f"{'Balance':<10} {clean(status['balanceError'])}"


def announcement(status: Status, most_threads: int) -> tuple[str, str]:
    """Return the two lines that explain what a round does."""
    runs = (
        "Runs your own `amp`: `amp threads list --json`, then `amp threads export ID` for what"
        f" changed ({most_threads:,} at most), and `amp usage`."
    )
    keeps = (
        f"Exports are kept in {clean(status['archive'], _PATH_WIDTH)}; `amp` signs in by itself,"
        " and amp-tray reads no key or password."
    )
    return runs, keeps


def _state(status: Status) -> str:
    if status["enabled"] and status["offline"]:
        return "on, but nothing is fetched while `offline` is set"
    if status["enabled"]:
        return f"on, every {status['intervalMinutes']:,} min"
    return "off (`amp-tray config set sync.enabled true` turns it on)"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _in(left: timedelta) -> str:
    minutes = -(-left // timedelta(minutes=1))
    return "now" if minutes <= 0 else f"in {minutes:,} min"
