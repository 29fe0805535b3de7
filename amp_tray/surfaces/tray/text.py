"""What the tray says: the catalogue's templates filled in with figures and user text.

In: numbers, instants and user text. Out: single lines of plain text, user text cleaned and
cut. Escaping for a platform's menus and tooltips belongs to its backend.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import PurePath

from amp_tray.core.choices import Metric
from amp_tray.core.figures import sparkline
from amp_tray.core.text import clean
from amp_tray.sources import SOURCES
from amp_tray.surfaces.tray.catalogue import ENGLISH, Plural
from amp_tray.surfaces.tray.state import Connection
from amp_tray.surfaces.tray.summary import Budget, Crossing, Period, Share, Trouble

APP = "amp-tray"
LABEL_LIMIT = 60
"""Characters of user text in one row; wider rows make some panels' menus leave the screen."""

WORDS = ENGLISH
"""The language in use."""

_NAMES_SHOWN = 2
_FILE_LIMIT = 40
_MODEL_LIMIT = 30
_SAID_LIMIT = 90


def user_text(value: str, otherwise: str) -> str:
    """Return user text as one harmless line of bounded width, or `otherwise` when empty."""
    return clean(value, LABEL_LIMIT) or otherwise


def usage(period: Share, first: Metric = "cost") -> str:
    """Return what a period cost, its tokens and its credits, beginning with one of the three."""
    parts = {metric: amount(period, metric) for metric in (first, "cost", "tokens", "credits")}
    if not period.credits and first != "credits":
        del parts["credits"]  # none recorded is not 0 credits
    return WORDS.joint.join(parts.values())


def amount(period: Share, metric: Metric) -> str:
    """Return one figure of a period with its unit."""
    match metric:
        case "cost":
            return WORDS.cost(period.total_cost, period.unpriced_tokens)
        case "tokens":
            return WORDS.tokens(period.total_tokens)
        case "credits":
            return WORDS.credits(period.credits)


def short_amount(period: Period, metric: Metric) -> str:
    """Return one figure of a period where there is little room."""
    if metric != "cost":
        return amount(period, metric)
    shown = WORDS.money(period.total_cost)
    return WORDS.partly_unpriced.format(amount=shown) if period.unpriced_tokens else shown


def today_row(period: Period, first: Metric = "cost") -> str:
    """Return the row of the day."""
    used = WORDS.nothing_today if period.is_empty else usage(period, first)
    return WORDS.figure.format(name=WORDS.today, usage=used)


def month_row(period: Period, projection: Decimal | None) -> str:
    """Return the row of the month, with what it comes to where that is known."""
    used = usage(period)
    if projection is not None:
        used = WORDS.projected.format(usage=used, cost=WORDS.money(projection))
    return WORDS.figure.format(name=month(period.key), usage=used)


def source_row(source: str, part: Share) -> str:
    """Return the row of what one log format has of a period."""
    known = SOURCES.get(source)
    name = clean(source, _MODEL_LIMIT) if known is None else known.label
    used = usage(part) if part.total_tokens or part.total_cost else WORDS.nothing_today
    return WORDS.figure.format(name=name, usage=used)


def month(key: str) -> str:
    """Return the month's name for a key `YYYY-MM`; any other key as it is."""
    return WORDS.month_name(key) or clean(key, LABEL_LIMIT)


def week_row(costs: Sequence[Decimal]) -> str:
    """Return the row of the last days: a bar each, and their sum."""
    row, total = WORDS.week.format(bars=sparkline(costs)), sum(costs, Decimal(0))
    # Days of unpriced tokens alone cost nothing that is known: better no sum than $0.00.
    return WORDS.joint.join((row, WORDS.money(total))) if total else row


def budget_row(found: Budget) -> str:
    """Return the row of a budget."""
    names = {"daily": WORDS.daily, "weekly": WORDS.weekly, "monthly": WORDS.monthly}
    used, limit = used_and_limit(found)
    share = f"{int(found.share * 100):,}"  # only what is used up shows 100
    return WORDS.budget.format(period=names[found.period], used=used, limit=limit, share=share)


def used_and_limit(found: Budget | Crossing) -> tuple[str, str]:
    """Return how much of a budget is used, and the budget with its unit."""
    match found.unit:
        case "usd" | "USD":
            return WORDS.money(found.used), WORDS.money(found.limit)
        case "tokens":
            return WORDS.number(int(found.used)), WORDS.tokens(int(found.limit))
        case "credits":
            return WORDS.decimal(found.used), WORDS.credits(found.limit)


def glance(day: Period, so_far: Period, metric: Metric) -> str:
    """Return the tooltip: today and this month, the chosen figure first."""
    shown = WORDS.figure.format(name=month(so_far.key), usage=amount(so_far, metric))
    return WORDS.glance.format(today=today_row(day, metric), month=shown)


def thread_row(title: str, usd: Decimal, unpriced: int) -> str:
    """Return the row of a thread by that title and cost."""
    shown = user_text(title, WORDS.untitled)
    return WORDS.thread.format(title=shown, cost=WORDS.cost(usd, unpriced))


def names(values: Sequence[str]) -> str:
    """Return names in one bounded line: the first ones and how many more there are."""
    shown = [user_text(value, WORDS.unnamed) for value in values[:_NAMES_SHOWN]]
    line = clean(WORDS.comma.join(shown), LABEL_LIMIT)
    return _with_more(line, len(values) - len(shown))


def others(count: int) -> str:
    """Return the row that counts what a list leaves out."""
    return _counted(WORDS.others, count)


def connection_note(connection: Connection) -> str:
    """Return how the tray stands with the service; nothing where all is well."""
    notes = {
        Connection.CONNECTING: WORDS.connecting,
        Connection.STARTING: WORDS.starting,
        Connection.FAILED: WORDS.unusable,
        Connection.OFFLINE: WORDS.offline,
    }
    return notes.get(connection, "")


def newest_usage(then: datetime, now: datetime) -> str:
    """Return the row that tells how old the newest usage is."""
    return WORDS.newest.format(age=WORDS.ago(then, now))


def server_threads(newest: datetime | None, now: datetime) -> str:
    """Return the row that tells where new threads are, where the newest usage is old."""
    if newest is None:
        return WORDS.server_threads
    return WORDS.newest_is_old.format(newest=newest_usage(newest, now), notice=WORDS.server_threads)


def figures_from(then: datetime, now: datetime) -> str:
    """Return the row that warns of figures that may be out of date."""
    return WORDS.stale.format(age=WORDS.ago(then, now))


def unreadable(files: int) -> str:
    """Return the row that counts unreadable files."""
    return _counted(WORDS.unreadable, files)


def trouble(found: Trouble) -> str:
    """Return the row of a file that could not be read."""
    file = clean(PurePath(found.path).name, _FILE_LIMIT) or WORDS.unnamed
    return WORDS.trouble.format(file=file, message=clean(found.message, _SAID_LIMIT))


def unpriced_models(values: Sequence[tuple[str, int]]) -> str:
    """Return the row that names models without a known price, with their tokens."""
    shown = [
        WORDS.unpriced_model.format(
            model=clean(name, _MODEL_LIMIT) or WORDS.unnamed, tokens=WORDS.tokens(count)
        )
        for name, count in values[:_NAMES_SHOWN]
    ]
    line = _with_more(WORDS.comma.join(shown), len(values) - len(shown))
    return WORDS.unpriced.format(models=line)


def failed(what: str, why: str) -> str:
    """Return the row that tells what a click came to that did not work."""
    return clean(WORDS.click_failed.format(what=what, why=why), _SAID_LIMIT)


def gathered(first: str, more: int) -> str:
    """Return the row that stands for several: what the first says, and how many follow."""
    return WORDS.gathered.of(more).format(first=first, count=WORDS.number(more))


def metric(value: Metric) -> str:
    """Return the name of a metric."""
    named = {"cost": WORDS.metric_cost, "tokens": WORDS.metric_tokens}
    return named.get(value, WORDS.metric_credits)


def show(value: Metric) -> str:
    """Return the row that names the chosen metric."""
    return WORDS.show.format(metric=metric(value))


def start_at_login(impossible: str) -> str:
    """Return the row of the start at login, with why it cannot be."""
    if not impossible:
        return WORDS.start_at_login
    return WORDS.no_start_at_login.format(reason=clean(impossible, _SAID_LIMIT))


def _with_more(line: str, rest: int) -> str:
    return WORDS.more.format(names=line, count=WORDS.number(rest)) if rest > 0 else line


def _counted(sentence: Plural, count: int) -> str:
    return sentence.of(count).format(count=WORDS.number(count))
