"""`make bench`: this program beside its peers, and the service by itself.

make bench                   about ten minutes
make bench OPTIONS=--quick   about two, 500 threads, writes nothing
make bench OPTIONS=--full    20,000 threads too, 4 GB; idle for five minutes
"""

import argparse
import shutil
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks import logs, peers, reports, service
from tests.benchmarks.corpora import corpus
from tests.benchmarks.released import KEPT, program
from tests.benchmarks.table import Row, machine, say, table, write_into

_README = Path(__file__).parent / "README.md"
_FULL_ROOM = 12 * 10**9  # bytes: the corpus, and what is written beside it
_QUICK = service.Plan(idle=10, idle_changes=1, changes=10, calls=500, streaming=5)
_USUAL = service.Plan(idle=60, idle_changes=3, changes=40, calls=2000, streaming=15)
_PARTS = ("reports", "growth", "service", "logs")


def main() -> None:
    """Measure what the options say."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="500 threads, two minutes")
    parser.add_argument("--full", action="store_true", help="20,000 threads too")
    parser.add_argument("--idle", type=float, metavar="SECONDS", help="how long to watch idleness")
    parser.add_argument("--times", type=int, help="pairs of runs (5, quick: 3)")
    parser.add_argument("--only", choices=_PARTS, action="append", help="a part; may be repeated")
    parser.add_argument("--dry", action="store_true", help="leave README.md as it is")
    options = parser.parse_args()
    # Whoever ends it ends the service that it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _measure(options)


def _measure(options: argparse.Namespace) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    where = f"{program().name}; {machine()}"
    say(where)
    parts = options.only or _PARTS
    times = options.times or (3 if options.quick else 5)
    plan = _QUICK if options.quick else _USUAL
    idle = options.idle or (300 if options.full else plan.idle)
    commands = peers.install()
    sizes = [500] if options.quick else [500, 3000]
    if options.full:
        if shutil.disk_usage(KEPT).free < _FULL_ROOM:
            raise SystemExit(f"--full needs {_FULL_ROOM / 10**9:.0f} GB of disk")
        sizes.append(20_000)
    keep = not (options.quick or options.dry)
    for size in sizes if "reports" in parts else ():
        say(f"{size:,} threads:")
        rows = reports.compare(corpus(KEPT, size), commands, times=times if size < 9999 else 2)
        _show(f"Reports of {size:,} threads; the peer is ccusage", where, rows, keep=keep)
    if "growth" in parts:
        few, many = (50, 500) if options.quick else (500, 3000)
        row = reports.growth(corpus(KEPT, few), corpus(KEPT, many), commands, times=times)
        _show("Growth", where, [row], keep=keep)
    if "service" in parts:
        size = min(sizes[-1], 3000)
        say(f"the service with {size:,} threads:")
        rows = service.measure(corpus(KEPT, size), plan._replace(idle=idle))
        _show("The service", where, rows, keep=keep)
    if "logs" in parts:
        say("Claude Code's logs:")
        root = logs.logs(KEPT, quick=options.quick)
        rows = logs.measure(root, commands, times=times)
        _show("A gigabyte of Claude Code's logs; the peer is ccusage", where, rows, keep=keep)


def _show(title: str, where: str, rows: Iterable[Row], *, keep: bool) -> None:
    rows = list(rows)
    say(table(rows))
    if keep:
        write_into(_README, title, where, rows)


if __name__ == "__main__":
    main()
