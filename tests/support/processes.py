"""What a process holds, as Linux tells it: open files, threads, children."""

from collections import Counter
from pathlib import Path


def handles(pid: int) -> Counter[str]:
    """Return what a process has open; sockets and pipes by their kind, files by their path."""
    found: Counter[str] = Counter()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(entry.readlink())
        except FileNotFoundError:  # closed since it was listed
            continue
        found[target.partition(":[")[0]] += 1
    return found


def threads(pid: int) -> int:
    """Return how many threads a process has."""
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())


def children(pid: int) -> list[int]:
    """Return the processes that a process began and that have not gone."""
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text("ascii").split()
    ]
