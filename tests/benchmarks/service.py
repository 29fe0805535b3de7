"""The service: how soon it tells a change, how fast it answers, and what it costs meanwhile."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.corpora import bulky_thread, encode
from tests.benchmarks.table import Row, say
from tests.benchmarks.timing import cpu_seconds, percentile, resident_bytes, wake_ups
from tests.benchmarks.users import User

_MIB = 2**20
_NUMBER = 12  # of the thread that changes; of the era in which messages alone tell tokens
_PAUSE = 0.7  # between two changes while threads change
_SETTLE = 62.0  # after a change the watcher looks closely for a minute
_STREAM_HZ, _STREAM_BYTES = 10, 5_000_000


class Plan(NamedTuple):
    """How long to measure: seconds, and how many times."""

    idle: float
    idle_changes: int
    changes: int
    calls: int
    streaming: float


def measure(threads: Path, plan: Plan) -> Iterator[Row]:
    """Yield what the service does with one corpus."""
    with User(threads) as user, user.serving() as process:
        count = sum(1 for _ in threads.glob("*.json"))
        resident = resident_bytes(process.pid)
        yield _memory(f"service's memory after scanning {count:,} threads", resident, 80)
        say("  answers ...")
        yield from _answers(user, plan.calls)
        say("  changes ...")
        delays = [_delay(user, turn, pause=_PAUSE) for turn in range(plan.changes)]
        yield from _delays("rename to usage.changed while threads change", delays, 150)
        say("  a thread that streams ...")
        yield from _streaming(user, process.pid, plan.streaming)
        say("  idleness ...")
        yield from _idle(user, process.pid, plan)


def _answers(user: User, calls: int) -> Iterator[Row]:
    with user.client() as client:
        took = []
        for _ in range(calls):
            started = time.perf_counter()
            client.call_raw("usage.summary")
            took.append((time.perf_counter() - started) * 1000)
    yield Row(f"usage.summary, p50 of {calls:,}", "", "", percentile(took, 0.5), 1, "ms")
    yield Row("usage.summary, p99", "", "", percentile(took, 0.99), 5, "ms")


def _delay(user: User, turn: int, *, pause: float) -> float:
    """Grow a thread of 200 KB; how long it took a subscriber to be told, in milliseconds."""
    thread = bulky_thread(_NUMBER, 200_000)
    # One more token: everything but this figure stays as it was.
    thread["messages"][1]["usage"]["outputTokens"] += 1 + turn
    thread["v"] += 1 + turn
    data = encode(thread)
    with user.client() as client:
        client.call("usage.subscribe")
        time.sleep(pause)
        started = time.perf_counter()
        user.write(thread, data)
        next(iter(client.notifications()))
        return (time.perf_counter() - started) * 1000


def _delays(what: str, delays: list[float], bar: float) -> Iterator[Row]:
    if delays:
        median = statistics.median(delays)
        yield Row(f"{what}, p50 of {len(delays)}", "", "", median, None, "ms")
        yield Row(f"{what}, p95", "", "", percentile(delays, 0.95), bar, "ms")


def _streaming(user: User, pid: int, span: float) -> Iterator[Row]:
    thread = bulky_thread(_NUMBER, _STREAM_BYTES)
    usage = thread["messages"][1]["usage"]
    user.write(thread)
    time.sleep(2)
    before = _tokens(user)
    began, spent = time.monotonic(), cpu_seconds(pid)
    writes = int(span * _STREAM_HZ)
    peak = resident_bytes(pid)
    for turn in range(writes):
        usage["outputTokens"] += 1
        thread["v"] += 1
        user.write(thread)
        peak = max(peak, resident_bytes(pid))
        time.sleep(max(0.0, began + (turn + 1) / _STREAM_HZ - time.monotonic()))
    took = time.monotonic() - began
    share = (cpu_seconds(pid) - spent) / took * 100
    rate = f"{writes / took:.1f} writes a second"
    yield Row("a thread of 5 MB streams: share of a core", rate, "", share, 30, "%")
    yield _memory("the same: memory at most", peak, None)
    ended = time.monotonic()
    while (missing := before + writes - _tokens(user)) and time.monotonic() - ended < 5:
        time.sleep(0.01)
    lag = (time.monotonic() - ended) * 1000
    yield Row("the same: last state shown after its write", "", "", lag, 300, "ms")
    yield Row("the same: tokens missing at the end", "", "", missing, 0, "")


def _idle(user: User, pid: int, plan: Plan) -> Iterator[Row]:
    time.sleep(_SETTLE)
    before, began = (cpu_seconds(pid), wake_ups(pid)), time.monotonic()
    time.sleep(plan.idle)
    after, span = (cpu_seconds(pid), wake_ups(pid)), time.monotonic() - began
    share = (after[0] - before[0]) / span * 100
    yield Row(f"idle for {plan.idle:.0f} s: share of a core", "", "", share, 0.15, "%")
    rate = (after[1] - before[1]) / span
    yield Row("idle: wake-ups a second", "", "", rate, 6, "")
    delays = [
        _delay(user, 1000 + turn, pause=_SETTLE if turn else 1) for turn in range(plan.idle_changes)
    ]
    yield from _delays("rename to usage.changed out of idleness", delays, 600)
    yield _memory("service's memory at the end", resident_bytes(pid), None)


def _tokens(user: User) -> int:
    """Return what the service says of the thread that streams: a small answer, quickly made."""
    with user.client() as client:
        document = client.call("report.session", {"sessionId": bulky_thread(_NUMBER, 0)["id"]})
    tokens: int = document["totals"]["totalTokens"]
    return tokens


def _memory(what: str, amount: int, bar: float | None) -> Row:
    return Row(what, "", "", amount / _MIB, bar, "MiB")
