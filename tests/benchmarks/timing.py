"""Running a program and measuring it: time by pairs in turn, memory by looking at its processes."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_LOOK_SECONDS = 0.01
_TICKS = os.sysconf("SC_CLK_TCK")

Command = Sequence[str]


class Pairs(NamedTuple):
    """What two programs took in turn: medians in seconds, and the median of the pairs' ratios."""

    ours: float
    theirs: float
    ratio: float


def seconds(command: Command, env: Mapping[str, str]) -> float:
    """Run a program to its end, its output thrown away; how long it took."""
    started = time.perf_counter()
    subprocess.run(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - started


def in_turn(times: int, ours: Callable[[], float], theirs: Callable[[], float]) -> Pairs:
    """Measure two things in turn, so that whatever else the machine does meets both alike."""
    pairs = [(ours(), theirs()) for _ in range(times)]
    return Pairs(
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(one / other for one, other in pairs),
    )


def peak_bytes(command: Command, env: Mapping[str, str]) -> int:
    """Run a program; the most memory that it and its children had at once.

    The proportional size, so that what processes share counts once. It is looked at a hundred
    times a second; the kernel's own high-water mark of the first process fills what that misses.
    """
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = 0
    while process.poll() is None:
        family = list(_family(process.pid))
        together = sum(_field(pid, "smaps_rollup", "Pss:") for pid in family)
        peak = max(peak, together, *(_field(pid, "status", "VmHWM:") for pid in family))
        time.sleep(_LOOK_SECONDS)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return peak


def resident_bytes(pid: int) -> int:
    """Return the memory that a process has now."""
    return _field(pid, "status", "VmRSS:")


def cpu_seconds(pid: int) -> float:
    """Return the time that a process and its ended children have spent computing."""
    stat = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return sum(map(int, stat[11:15])) / _TICKS


def wake_ups(pid: int) -> int:
    """Return how often the threads of a process have gone to sleep of their own accord."""
    return sum(
        _number(path, "voluntary_ctxt_switches:")
        for path in Path(f"/proc/{pid}/task").glob("*/status")
    )


def percentile(values: Sequence[float], part: float) -> float:
    """Return the smallest value that at least such a part (0 to 1) of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-part * len(ordered) // 1) - 1)]


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text("ascii").split()
        except OSError:  # it ended
            continue
        for child in children:
            yield from _family(int(child))


def _field(pid: int, file: str, name: str) -> int:
    return _number(Path(f"/proc/{pid}/{file}"), name) * 1024


def _number(path: Path, name: str) -> int:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:  # it ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
