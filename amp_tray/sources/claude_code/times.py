"""Instants of a session log."""

from amp_tray.core.periods import instant_of


def read_instant(text: str | None) -> int | None:
    """Return what `instant_of` makes of a text; None for none."""
    return None if text is None else instant_of(text)
