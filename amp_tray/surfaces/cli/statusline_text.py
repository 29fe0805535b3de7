"""The words of the status line: its names, its template, its default, a bar's tooltip.

In: a `usage.summary` document whose numbers are `int` or `Decimal`. Out: text. The line itself
never has a thread's text in it, which tmux or a shell's prompt might read as more than text.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from amp_tray.core.errors import UsageError
from amp_tray.core.figures import (
    ago,
    cost,
    credits_text,
    money,
    month_name,
    short_cost,
    short_number,
    sparkline,
    usage,
)
from amp_tray.core.text import clean
from amp_tray.surfaces.cli.glance import age

Summary = Mapping[str, Any]
Escape = Callable[[str], str]

_PIECES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_TITLE = 60
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;"})


class Value(NamedTuple):
    """A name of the template: what it stands for, in words and worked out."""

    help: str
    of: Callable[[Summary], str]


def check_template(template: str) -> None:
    """Raise UsageError for a template with anything in braces but a known name."""
    for piece in _PIECES.finditer(template):
        if piece[0] in {"{{", "}}"}:
            continue
        if piece[1] is None:
            raise UsageError(
                f"--format: a brace that stands alone in {template!r}",
                hint="write {{ or }} for a brace of your own",
            )
        if piece[1] not in NAMES:
            raise UsageError(
                f"--format: {piece[0]!r} is no known name", hint=f"accepted: {', '.join(NAMES)}"
            )


def filled(template: str, summary: Summary, state: str, escape: Escape) -> str:
    """Return a checked template in one line, its names replaced by escaped values."""
    known = {**summary, "state": state}

    def value(piece: re.Match[str]) -> str:
        if piece[0] in {"{{", "}}"}:
            return piece[0][0]
        return escape(NAMES[piece[1]].of(known))

    return " ".join(_PIECES.sub(value, template).splitlines())


def line_of(summary: Summary) -> str:
    """Return the line that is shown without a template: `$3.12 today · $84.10 Nov · $1.20/h`."""
    if summary["newestEventAt"] is None:
        return "no usage found"
    parts = [f"{_today(summary)} today", f"{_month(summary)} {_month_name(summary)[:3]}"]
    if summary["burnRate"]:
        parts.append(_burn(summary))
    flags = [_flag(name)(summary) for name in ("paused", "stale")]
    return " · ".join([*parts, *filter(None, flags)])


def tooltip_of(summary: Summary) -> str:
    """Return what a bar shows when it is pointed at: the figures, then the threads of today."""
    today, month = summary["today"], summary["month"]
    lines = [f"Today: {_figures(today)}", f"{_month_name(summary)}: {_figures(month)}"]
    if summary["burnRate"]:
        lines.append(f"Burn rate: {_burn(summary)}")
    if summary["projection"]:
        lines.append(f"Projection: {_projection(summary)}")
    if _balance(summary):
        lines.append(f"Balance: {_balance(summary)}")
    lines += ["", "Threads today:" if today["threads"] else "No threads today"]
    for thread in today["threads"]:
        spent = cost(Decimal(thread["totalCost"]), thread["unpricedTokens"])
        lines.append(f"{spent}  {clean(thread['title'] or 'Untitled', _TITLE)}")
    return "\n".join([*lines, "", f"Newest usage: {age(summary)}"])


def escaped(text: str) -> str:
    """Return text as Pango's markup shows it."""
    return text.translate(_MARKUP)


def _figures(period: Mapping[str, Any]) -> str:
    spent, amp_credits = Decimal(period["totalCost"]), Decimal(period["credits"])
    return usage(spent, period["unpricedTokens"], period["totalTokens"], amp_credits)


def _cost(period: Mapping[str, Any]) -> str:
    return short_cost(Decimal(period["totalCost"]), period["unpricedTokens"])


def _today(summary: Summary) -> str:
    return _cost(summary["today"])


def _month(summary: Summary) -> str:
    return _cost(summary["month"])


def _month_name(summary: Summary) -> str:
    key = str(summary["month"]["key"])
    return month_name(key) or key


def _burn(summary: Summary) -> str:
    return f"{money(Decimal(summary['burnRate']))}/h"


def _projection(summary: Summary) -> str:
    return "" if summary["projection"] is None else money(Decimal(summary["projection"]))


def _credits(summary: Summary) -> str:
    amount = Decimal(summary["today"]["credits"])
    return credits_text(amount) if amount else "no credits"


def _week(summary: Summary) -> str:
    return money(sum((Decimal(day["totalCost"]) for day in summary["last7Days"]), Decimal(0)))


def _spark(summary: Summary) -> str:
    return sparkline([Decimal(day["totalCost"]) for day in summary["last7Days"]])


def _balance(summary: Summary) -> str:
    known = summary.get("balance")
    return clean(known["text"]) if known else ""


def _unpriced(summary: Summary) -> str:
    return short_number(summary["month"]["unpricedTokens"])


def _age(summary: Summary) -> str:
    if summary["newestEventAt"] is None:
        return "no usage"
    newest, now = (datetime.fromisoformat(summary[key]) for key in ("newestEventAt", "generatedAt"))
    return ago(newest, now)


def _flag(name: str) -> Callable[[Summary], str]:
    return lambda summary: name if summary[name] else ""


NAMES: Mapping[str, Value] = {
    "today": Value("today's cost; * where tokens have no known price", _today),
    "month": Value("this month's cost", _month),
    "monthName": Value("this month's name", _month_name),
    "burn": Value("cost an hour, of the last sixty minutes", _burn),
    "projection": Value("this month's cost at its end, if it goes on like this", _projection),
    "week": Value("cost of the last seven days", _week),
    "spark": Value("the last seven days as bars", _spark),
    "todayTokens": Value("today's tokens", lambda now: short_number(now["today"]["totalTokens"])),
    "monthTokens": Value("this month's", lambda now: short_number(now["month"]["totalTokens"])),
    "credits": Value("today's Amp credits", _credits),
    "balance": Value("what is left with Amp, where that is known", _balance),
    "unpriced": Value("this month's tokens without a known price", _unpriced),
    "age": Value("how old the newest usage is", _age),
    "stale": Value("`stale` where figures may be behind the files, else nothing", _flag("stale")),
    "paused": Value("`paused` while the service reads nothing, else nothing", _flag("paused")),
    "state": Value("ok, stale, paused, or offline where no service runs", lambda now: now["state"]),
}
"""What a template may name."""
