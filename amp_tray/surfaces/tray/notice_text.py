"""What notifications say and offer, as values.

In: a crossed budget or the age of the newest usage, and the summary. Out: a `Notice` of plain
text, user text cleaned and cut. Escaping for a platform belongs to its notifier.
"""

from dataclasses import dataclass
from datetime import datetime

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.rows.threads import link_of
from amp_tray.surfaces.tray.summary import Crossing, Summary, Thread

_REPORT = Action(ActionKind.OPEN_REPORT)


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a notification."""

    label: str
    action: Action


@dataclass(frozen=True, slots=True)
class Notice:
    """What one notification says and offers.

    Attributes:
        title: one line, nothing of the user's.
        body: lines of plain text, not escaped for any platform.
        click: what a click on the notification itself does.
        buttons: at most two; some desktops show none.
    """

    title: str
    body: str
    click: Action
    buttons: tuple[Button, ...]


def crossing_notice(crossing: Crossing, summary: Summary | None) -> Notice:
    """Return what to tell of a crossed budget.

    Args:
        crossing: the budget, how far it is used, and in which period.
        summary: names the dearest thread, where it is of the same day or month.
    """
    words = text.WORDS
    spans = {
        "daily": (words.daily, words.notice_daily),
        "weekly": (words.weekly, words.notice_weekly),
        "monthly": (words.monthly, words.notice_monthly),
    }
    name, sentence = spans[crossing.period]
    title = words.notice_near if crossing.level == "near" else words.notice_over
    used, limit = text.used_and_limit(crossing)
    month = text.month(crossing.period_key)
    lines = [sentence.format(used=used, limit=limit, month=month)]
    buttons = [Button(words.open_report, _REPORT)]
    thread = _dearest(crossing, summary)
    if thread is not None:
        row = text.thread_row(thread.title, thread.total_cost, thread.unpriced_tokens)
        lines.append(words.notice_thread.format(thread=row))
        if link_of(thread.source, thread.session_id) is not None:
            action = Action(ActionKind.OPEN_THREAD, thread.session_id)
            buttons.append(Button(words.notice_open_thread, action))
    return Notice(title.format(period=name), "\n".join(lines), _REPORT, tuple(buttons))


def server_threads_notice(newest: datetime | None, now: datetime) -> Notice:
    """Return what to tell where the newest usage is old, or none is there at all."""
    words = text.WORDS
    title = words.no_usage if newest is None else words.notice_old
    body = text.server_threads(newest, now)
    return Notice(title, body, _REPORT, (Button(words.open_report, _REPORT),))


def _dearest(crossing: Crossing, summary: Summary | None) -> Thread | None:
    if summary is None:
        return None
    for period in (summary.today, summary.month):
        if period.key == crossing.period_key and period.threads:
            return period.threads[0]
    return None
