"""The results: one row a figure, with its bar and whether it holds; written into README.md."""

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

_BEGIN, _END = "<!-- results -->\n", "<!-- end of results -->\n"


class Row(NamedTuple):
    """One figure.

    Attributes:
        ours, theirs: as shown; empty where there is nothing to compare.
        figure: what the bar is about.
        bar: the most that is accepted; None where nothing is asked of it.
        unit: of figure and bar.
    """

    what: str
    ours: str
    theirs: str
    figure: float
    bar: float | None
    unit: str = "\u00d7"  # times

    @property
    def verdict(self) -> str:
        """Return whether the bar holds."""
        if self.bar is None:
            return "—"
        return "pass" if self.figure <= self.bar else "**fail**"


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    cells: list[Sequence[str]] = [
        ("what", "ours", "peer", "figure", "bar", ""),
        ("---", "--:", "--:", "--:", "--:", "---"),
    ]
    for row in rows:
        bar = "" if row.bar is None else f"≤ {row.bar:g} {row.unit}"
        figure = f"{row.figure:,.3g} {row.unit}"
        cells.append((row.what, row.ours, row.theirs, figure, bar, row.verdict))
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    return "".join(
        "| "
        + " | ".join(
            cell.rjust(width, "-") if cell.startswith("--") else cell.ljust(width)
            for cell, width in zip(line, widths, strict=True)
        )
        + " |\n"
        for line in cells
    )


def machine() -> str:
    """Return one line that says where and when this was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    day = datetime.now(UTC).date().isoformat()
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()}, {day};"
        f" load {load:.1f} at the beginning"
    )


def write_into(readme: Path, title: str, where: str, rows: Sequence[Row]) -> None:
    """Put the results into a README, in place of those of the same title or at the end."""
    text = readme.read_text("utf-8")
    before, _, rest = text.partition(_BEGIN)
    held, _, after = rest.partition(_END)
    heading = f"### {title}\n"
    sections = ["### " + part for part in held.split("### ")[1:]]
    kept = [part for part in sections if not part.startswith(heading)]
    fresh = f"{heading}\n{where}\n\n{table(rows)}\n"
    body = "".join(sorted([*kept, fresh]))
    readme.write_text(f"{before}{_BEGIN}\n{body}{_END}{after}", "utf-8")


def say(text: str) -> None:
    """Write a line for whoever waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "?")
