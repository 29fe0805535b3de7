"""How a service does while others attack it: how soon it answers, and what memory it holds.

What a busy machine takes is no fault of the service: how long it, and the test, were ready to run
and had to wait for a processor is known to the kernel, and taken off. So is what the host of a
virtual machine took from it.
"""

import itertools
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from operator import sub
from pathlib import Path

from amp_tray_rpc.client import Client

_SECONDS = 1.0
_LEAST = 50  # samples, however long they take


@dataclass(frozen=True)
class Latency:
    """Of one kind of question, in milliseconds, without what the machine took.

    Attributes:
        felt: the median with what the machine took.
    """

    median: float
    p95: float
    felt: float

    @classmethod
    def of(cls, samples: list[tuple[float, float]]) -> "Latency":
        """Sum up pairs of seconds: all of it, and what of that the machine took."""
        own = sorted(1000 * max(0.0, whole - taken) for whole, taken in samples)
        felt = 1000 * statistics.median(whole for whole, _ in samples)
        return cls(statistics.median(own), own[int(0.95 * (len(own) - 1))], felt)

    def __str__(self) -> str:
        return f"{self.median:.1f}/{self.p95:.1f} ({self.felt:.1f})"


def measured(
    pid: int, *questions: Callable[[], object], seconds: float = _SECONDS
) -> list[Latency]:
    """Ask a service, the process `pid`, each question again and again; how long each took."""
    samples: list[list[tuple[float, float]]] = [[] for _ in questions]
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(samples[0]) < _LEAST:
        for ask, taken in zip(questions, samples, strict=True):
            waited, stolen = _waited_seconds(pid), _stolen_seconds()
            began = time.perf_counter()
            ask()
            whole = time.perf_counter() - began
            lost = max(map(sub, _stolen_seconds(), stolen), default=0.0)
            taken.append((whole, _waited_seconds(pid) - waited + lost))
    return [Latency.of(taken) for taken in samples]


def greeting(connect: Callable[[], Client]) -> Callable[[], None]:
    """Return what a newcomer asks: it connects, greets and leaves."""

    def greet() -> None:
        with connect() as client:
            client.call_raw("session.hello")

    return greet


def resident_mb(pid: int, *, peak: bool = False) -> float:
    """Return what memory a process holds, or the most since `forget_peak`, in MB (10^6)."""
    name = "VmHWM:" if peak else "VmRSS:"
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return next(
        int(line.split()[1]) * 1024 / 1e6 for line in status.splitlines() if line.startswith(name)
    )


def forget_peak(pid: int) -> None:
    """Begin a new peak of a process' memory."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")


def _waited_seconds(pid: int) -> float:
    """Return how long a process and this one were kept waiting for a processor so far.

    Source: Linux, Documentation/scheduler/sched-stats: the second figure, in nanoseconds.
    """
    try:
        texts = [Path(f"/proc/{one}/schedstat").read_text("ascii") for one in (pid, "self")]
    except FileNotFoundError:
        return 0.0  # a kernel that does not count: all is the service's then
    return sum(int(text.split()[1]) for text in texts) / 1e9


def _stolen_seconds() -> list[float]:
    """Return what the host of a virtual machine took from each processor so far.

    Source: Linux, proc_stat(5): the eighth figure of each processor, in ticks.
    """
    lines = Path("/proc/stat").read_text("ascii").splitlines()[1:]
    ticks = os.sysconf("SC_CLK_TCK")
    processors = itertools.takewhile(lambda line: line.startswith("cpu"), lines)
    return [int(line.split()[8]) / ticks for line in processors]
