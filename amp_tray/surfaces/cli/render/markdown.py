"""A report as a GitHub table, whole names and all columns, for an issue or a page."""

import re
from collections.abc import Iterator

from amp_tray.surfaces.cli.render.columns import columns_of
from amp_tray.surfaces.cli.render.layout import cell_of
from amp_tray.surfaces.cli.render.lines import View, lines_of
from amp_tray.surfaces.cli.render.notes import unpriced_note

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~&#@!]")


def markdown_text(view: View) -> str:
    """Return a report as a Markdown table with its total, and what the costs leave out below."""
    return "".join(f"{line}\n" for line in _lines(view))


def _lines(view: View) -> Iterator[str]:
    columns = columns_of(view.kind, cost=view.tells_cost)
    yield _row(column.head for column in columns)
    yield _row("---:" if column.right else "---" for column in columns)
    for line in lines_of(view):
        cells = (escaped(cell_of(line, column).plain) for column in columns)
        if line.role == "total":
            cells = (f"**{cell}**" if cell else "" for cell in cells)
        yield _row(cells)
    if note := unpriced_note(view):
        yield ""
        yield escaped(note)


def escaped(text: str) -> str:
    """Return a text as Markdown that shows it as it is, in a table or out of one."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"
