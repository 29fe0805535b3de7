"""Texts made to fit a width, counted in terminal columns; no character is ever parted."""

from rich.cells import cell_len, chop_cells

ELLIPSIS = "…"

_MOST_LINES = 4
_SEPARATORS = "-/_. "


def fit(text: str, width: int) -> str:
    """Return a text, or its beginning and an ellipsis, in at most `width` columns (1 or more)."""
    if cell_len(text) <= width:
        return text
    return _beginning(text, width - 1).rstrip() + ELLIPSIS


def fit_end(text: str, width: int) -> str:
    """Return a text, or an ellipsis and its end, in at most `width` columns (1 or more)."""
    if cell_len(text) <= width:
        return text
    start = len(text) - width
    while cell_len(text[start:]) >= width:
        start += 1
    return ELLIPSIS + text[start:].lstrip()


def broken(text: str, width: int) -> list[str]:
    """Return a name in a few lines of at most `width` columns (2 or more).

    It breaks behind its separators, where there are any.
    """
    lines: list[str] = []
    while cell_len(text) > width:
        if len(lines) == _MOST_LINES - 1:
            return [*lines, fit(text, width)]
        line = _beginning(text, width)
        behind = max(line.rfind(separator) for separator in _SEPARATORS) + 1
        if behind > len(line) // 3:
            line = line[:behind]
        lines.append(line.rstrip())
        text = text[len(line) :].lstrip()
    return [*lines, text]


def wrapped(text: str, width: int) -> list[str]:
    """Return words in lines of at most `width` columns; only a word that has no room is broken."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= width:
            lines[-1] = longer
        elif cell_len(word) <= width:
            lines.append(word)
        else:
            lines += chop_cells(word, max(width, 2))
    return lines[1:] if not lines[0] and len(lines) > 1 else lines


def _beginning(text: str, width: int) -> str:
    """Return the longest beginning of a text that has room."""
    return chop_cells(text, width)[0] if width > 1 else ""
