"""Claude Code's logs: a gigabyte cold and warm beside the peer, and a line that arrives."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.peers import Peers
from tests.benchmarks.table import Row, say
from tests.benchmarks.timing import (
    cpu_seconds,
    in_turn,
    peak_bytes,
    percentile,
    resident_bytes,
    seconds,
)
from tests.benchmarks.users import User
from tests.support.claude_logs import LogSize, append, said, write_logs

_VERSION = "2"  # of what is generated here; another one has the corpus made anew
_TEXT = 6000
_SESSIONS = LogSize(sessions=340, turns=(10, 550), text=_TEXT, days=250, pauses=(15, 60, 240))
_LONG = LogSize(sessions=1, turns=(24_000, 24_000), text=_TEXT, pauses=(120,))  # 200 MB
_LINES = 40
_PAUSE = 0.3  # between two lines
_MIB = 2**20


def logs(folder: Path, *, quick: bool) -> Path:
    """Return a root with about a gigabyte of logs, made if it is not there; quick: a tenth."""
    target = folder / f"logs-{'quick' if quick else 'whole'}"
    stamp = target / "made"
    if stamp.is_file() and stamp.read_text("utf-8") == _VERSION:
        return target
    shutil.rmtree(target, ignore_errors=True)
    share = 10 if quick else 1
    write_logs(target, _SESSIONS._replace(sessions=_SESSIONS.sessions // share))
    long = _LONG._replace(turns=(_LONG.turns[0] // share, _LONG.turns[1] // share))
    write_logs(target / "long", long, seed=2)
    (made,) = (target / "long/projects").glob("*/*.jsonl")
    made.replace(target / "projects/long.jsonl")
    shutil.rmtree(target / "long")
    stamp.write_text(_VERSION, "utf-8")
    return target


def measure(root: Path, peers: Peers, *, times: int) -> Iterator[Row]:
    """Yield how reports of the logs compare, and how soon the service tells of a line."""
    nothing = root / "no-threads"
    nothing.mkdir(exist_ok=True)
    with User(nothing) as user:
        long = _link(root, user.home / ".claude")
        ccusage = (peers.ccusage[0], "claude", "session", "--json", "--offline")

        def ours() -> float:
            return seconds(peers.ours, user.env)

        def theirs() -> float:
            return seconds(ccusage, user.env)

        def cold() -> float:
            user.forget()
            return ours()

        theirs()  # from here on the files are in memory
        for what, mine in (("cold report, empty ledger", cold), ("warm report, no service", ours)):
            say(f"  a {what} ...")
            pairs = in_turn(times, mine, theirs)
            yield Row(what, f"{pairs.ours:.3f} s", f"{pairs.theirs:.3f} s", pairs.ratio, None)
        say("  memory ...")
        user.forget()
        peaks = (peak_bytes(peers.ours, user.env), peak_bytes(ccusage, user.env))
        our_peak, their_peak = (f"{peak / _MIB:.0f} MiB" for peak in peaks)
        yield Row("peak memory of the cold report", our_peak, their_peak, peaks[0] / peaks[1], 1.0)
        yield from _arriving(user, long)


def _arriving(user: User, log: Path) -> Iterator[Row]:
    say("  lines that arrive ...")
    size = f"{log.stat().st_size / 10**6:,.0f} MB"
    with user.serving() as process, user.client() as client:
        resident = resident_bytes(process.pid) / _MIB
        yield Row("service's memory after the scan", "", "", resident, 80, "MiB")
        client.call("usage.subscribe")
        told = client.notifications()
        delays, spent = [], cpu_seconds(process.pid)
        for number in range(_LINES):
            time.sleep(_PAUSE)
            at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            line = said(f"arrives-{number}", at=at, sessionId=log.stem)
            started = time.perf_counter()
            append(log, line)
            next(told)
            delays.append((time.perf_counter() - started) * 1000)
        each = (cpu_seconds(process.pid) - spent) / _LINES * 1000
    what = f"a line appended to {size}, to usage.changed"
    yield Row(f"{what}, p50 of {_LINES}", "", "", percentile(delays, 0.5), None, "ms")
    yield Row(f"{what}, p95", "", "", percentile(delays, 0.95), 150, "ms")
    yield Row("the same: the service's work a line", "", "", each, None, "ms")


def _link(root: Path, target: Path) -> Path:
    """Link a corpus into a user's home; return the long log, which is a copy."""
    for path in (root / "projects").rglob("*.jsonl"):
        place = target / path.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.name == "long.jsonl":
            shutil.copyfile(path, target / "projects/long.jsonl")
        else:
            os.link(path, place)
    return target / "projects/long.jsonl"
