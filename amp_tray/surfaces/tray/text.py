"""Every sentence and every figure the tray shows, in one place.

In: numbers, instants and user text. Out: single lines of plain text, user text cleaned and
cut. Escaping for a platform's menus and tooltips belongs to its backend.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from amp_tray.core.figures import ago, cost, money, month_name, plural, tokens
from amp_tray.core.models import short_model
from amp_tray.core.text import clean

APP = "amp-tray"
LABEL_LIMIT = 60
"""Characters of user text in one row; wider rows make some panels' menus leave the screen."""

TODAY = "Today"
LAST_7_DAYS = "Last 7 days"
THREADS_TODAY = "Threads today"
NO_THREADS_TODAY = "No threads today"
UNTITLED = "Untitled thread"
NO_USAGE = "No usage found yet"
NOTHING_TODAY = "nothing yet"
STARTING = "Reading threads…"
CONNECTING = "Connecting to the service…"
OFFLINE = "No connection to the service, trying again"
PAUSED = "Paused: new usage is not read"
REFRESH = "Refresh"
PAUSE = "Pause"
QUIT = "Quit"

_NAMES_SHOWN = 2


def projected(usd: Decimal | None) -> str:
    """Return ` (projected $301.50)`, or nothing when there is no projection."""
    return "" if usd is None else f" (projected {money(usd)})"


def month(key: str) -> str:
    """Return the month's name for a key `YYYY-MM`; any other key as it is."""
    return month_name(key) or clean(key, LABEL_LIMIT)


def user_text(value: str, otherwise: str) -> str:
    """Return user text as one harmless line of bounded width, or `otherwise` when empty."""
    return clean(value, LABEL_LIMIT) or otherwise


def thread_row(title: str, usd: Decimal, unpriced: int) -> str:
    """Return a thread's row: its title and cost."""
    return f"{user_text(title, UNTITLED)} — {cost(usd, unpriced)}"


def names(values: Sequence[str]) -> str:
    """Return names in one bounded line: the first ones and how many more there are."""
    shown = [user_text(value, "?") for value in values[:_NAMES_SHOWN]]
    rest = len(values) - len(shown)
    return clean(", ".join(shown), LABEL_LIMIT) + (f" and {rest} more" if rest else "")


def models(values: Sequence[str]) -> str:
    """Return the row that names a thread's models."""
    if not values:
        return "Model: not recorded"
    shown = names([short_model(value) for value in values])
    return f"{'Model' if len(values) == 1 else 'Models'}: {shown}"


def project(value: str | None) -> str:
    """Return the row that names a thread's project."""
    return f"Project: {user_text(value or '', 'not recorded')}"


def last_activity(then: datetime | None, now: datetime) -> str:
    """Return the row that tells when a thread was last used."""
    return f"Last activity: {'not recorded' if then is None else ago(then, now)}"


def newest_usage(then: datetime, now: datetime) -> str:
    """Return the row that tells how old the newest usage is."""
    return f"Newest usage: {ago(then, now)}"


def figures_from(then: datetime, now: datetime) -> str:
    """Return the row that warns of figures that may be out of date."""
    return f"Figures may be out of date: last read {ago(then, now)}"


def unreadable(files: int) -> str:
    """Return the row that counts unreadable files."""
    return f"{plural(files, 'file', 'files')} could not be read"


def unpriced_models(values: Sequence[tuple[str, int]]) -> str:
    """Return the row that names models without a known price, with their tokens."""
    shown = [f"{clean(name, 30) or '?'} ({tokens(count)})" for name, count in values[:_NAMES_SHOWN]]
    rest = len(values) - len(shown)
    return f"Unpriced: {', '.join(shown)}" + (f" and {rest} more" if rest else "")


def about(version: str) -> str:
    """Return the program's name and version."""
    return f"{APP} {version}".rstrip()
