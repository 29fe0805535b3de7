"""Reports beside the peers: cold, warm, through the service, after one thread grew; memory."""

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.corpora import bulky_thread
from tests.benchmarks.peers import Peers
from tests.benchmarks.table import Row, say
from tests.benchmarks.timing import in_turn, peak_bytes, seconds
from tests.benchmarks.users import User

COLD, WARM, SERVED = 0.7, 0.15, 0.06
_ASKED = 3000
_GROWING = 7  # the number of the thread that grows; of the era with ledgers
_MIB = 2**20


def compare(threads: Path, peers: Peers, *, times: int) -> Iterator[Row]:
    """Yield how reports of one corpus compare; the bars are for 3,000 threads."""
    asked = sum(1 for _ in threads.glob("*.json")) == _ASKED
    with User(threads) as user:

        def ours() -> float:
            return seconds(peers.ours, user.env)

        def ccusage() -> float:
            return seconds(peers.ccusage, user.env)

        def cold() -> float:
            user.forget()
            return ours()

        ccusage()  # from here on the files are in memory
        say("  a cold report ...")
        yield _row(
            "cold report, empty ledger", in_turn(times, cold, ccusage), COLD if asked else None
        )
        yield _row(
            "the same against tokscale",
            in_turn(max(1, times // 2), cold, lambda: seconds(peers.tokscale, user.env)),
            None,
        )
        say("  a warm report ...")
        yield _row(
            "warm report, no service", in_turn(times, ours, ccusage), WARM if asked else None
        )
        with user.serving():
            say("  a report through the service ...")
            yield _row(
                "report through the service",
                in_turn(times, ours, ccusage),
                SERVED if asked else None,
            )
        say("  memory ...")
        theirs = peak_bytes(peers.ccusage, user.env)
        user.forget()
        mine = peak_bytes(peers.ours, user.env)
        yield Row(
            "peak memory of the cold report",
            f"{mine / _MIB:.0f} MiB",
            f"{theirs / _MIB:.0f} MiB",
            mine / theirs,
            1.0 if asked else None,
        )


def growth(few: Path, many: Path, peers: Peers, *, times: int) -> Row:
    """Return how a warm report after one thread grew costs with many files, beside with few.

    What is left of each when the cost of a warm report without any change is taken away: that
    a report of more threads takes longer is no cost of growth.
    """
    with User(few) as small, User(many) as large:
        for user in (small, large):
            seconds(peers.ours, user.env)
        turns = iter(range(1000))

        def grown(user: User) -> float:
            still = seconds(peers.ours, user.env)
            user.write(bulky_thread(_GROWING, 200_000 + 10_000 * next(turns)))
            return seconds(peers.ours, user.env) - still

        costs = sorted((grown(large), grown(small)) for _ in range(times))
    more, less = costs[len(costs) // 2]
    difference = sorted(one - other for one, other in costs)[len(costs) // 2]
    counts = [sum(1 for _ in folder.glob("*.json")) for folder in (many, few)]
    return Row(
        f"one thread grew: cost beside {counts[0]:,} others over that beside {counts[1]:,}",
        f"{more * 1000:.0f} ms",
        f"{less * 1000:.0f} ms",
        difference * 1000,
        50,
        "ms",
    )


def _row(what: str, pairs: tuple[float, float, float], bar: float | None) -> Row:
    ours, theirs, ratio = pairs
    return Row(what, f"{ours:.3f} s", f"{theirs:.3f} s", ratio, bar)
