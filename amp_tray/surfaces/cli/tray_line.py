"""The line that tells of the tray: whether it runs, how, why so, and who shows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amp_tray.core.figures import ago
from amp_tray.core.text import clean


def tray_line(tray: Mapping[str, Any], now: datetime) -> str:
    """Return the line for what `Program.tray_state` returned at an instant."""
    how = clean(f"{tray['backend'] or 'no tray'}: {tray['reason']}")
    if tray["pid"] is None:
        return f"{'Tray':<10} does not run; {how}"
    stands = ""
    if tray["standing"] is not None:
        stands = f", {clean(str(tray['standing']))}{_since(tray['since'], now)}"
    return f"{'Tray':<10} runs (pid {tray['pid']}){stands}; {how}"


def _since(since: object, now: datetime) -> str:
    try:
        then = datetime.fromisoformat(str(since))
        return f" ({ago(then, now)})"
    except (ValueError, TypeError):  # no instant, or one without a zone
        return ""
