"""The text of `amp usage`: what is left with Amp, line by line.

The text is made for people and has changed often. A line that is understood becomes figures;
one that speaks of a balance in other words is kept as it stands, so that nothing is guessed.

Source: the output of published Amp builds, January to September 2026.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from amp_tray.core.text import clean

_MOST_LINES, _LINE = 200, 200
_MOST_ENTRIES, _MOST_UNKNOWN = 20, 3
_WHOLE = 100

Kind = Literal["free", "subscription", "individual", "workspace", "other"]


class Entry(NamedTuple):
    """One thing that something is left of.

    Attributes:
        kind: `other` where the line was not understood, and has no figures.
        text: the line, made harmless; what is always shown.
        name: of the plan or the workspace.
        remaining, limit: USD.
        percent: of the quota, or of agent usage, that is left.
        orb_percent: of orb usage that is left.
        orb_hours, orb_hours_limit: hours of orbs that are left, and those there were.
        hourly: USD that come back an hour.
        resets: when it begins anew, in Amp's words.
    """

    kind: Kind
    text: str
    name: str | None = None
    remaining: Decimal | None = None
    limit: Decimal | None = None
    percent: Decimal | None = None
    orb_percent: Decimal | None = None
    orb_hours: Decimal | None = None
    orb_hours_limit: Decimal | None = None
    hourly: Decimal | None = None
    resets: str | None = None


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,9}(?:\.\d{1,6})?"
_USD = rf"\$(?:{_NUMBER})"
_RESETS = r"(?P<resets>resets upon renewal in \d{1,4} (?:day|month)s?)"
_TAIL = (
    rf"(?P<percent>{_NUMBER})% other usage and (?P<orb_percent>{_NUMBER})% orb usage remaining"
    rf"(?: - {_RESETS})?"
)
_FREE_USD = (
    rf"Amp Free: (?P<remaining>{_USD})/(?P<limit>{_USD}) remaining"
    rf"(?: \(replenishes \+(?P<hourly>{_USD})/hour\))?"
)
_FREE_PERCENT = (
    rf"Amp Free: (?P<percent>{_NUMBER})% remaining(?: today)?(?: \((?P<resets>resets daily)\))?"
)
_TIER = (
    rf"Amp (?P<name>[^:]+) Tier: agent usage (?P<remaining>{_USD}) of (?P<limit>{_USD})"
    rf" remaining \((?P<percent>{_NUMBER})%\), orb usage (?P<orb_hours>{_NUMBER})h of"
    rf" (?P<orb_hours_limit>{_NUMBER})h a1\.small orb hours remaining"
    rf" \((?P<orb_percent>{_NUMBER})%\)"
    rf"(?: - period \d{{4}}-\d\d-\d\d to \d{{4}}-\d\d-\d\d, {_RESETS})?"
)
_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("free", re.compile(_FREE_USD, re.ASCII)),
    ("free", re.compile(_FREE_PERCENT, re.ASCII)),
    ("subscription", re.compile(rf"Subscription (?P<name>[^:]+): {_TAIL}", re.ASCII)),
    ("subscription", re.compile(rf"Amp (?P<name>[^:]+) Subscription: {_TAIL}", re.ASCII)),
    ("subscription", re.compile(_TIER, re.ASCII)),
    (
        "individual",
        re.compile(rf"Individual credits: (?P<remaining>-?{_USD}|\$-(?:{_NUMBER})) remaining"),
    ),
    ("workspace", re.compile(rf"Workspace (?P<name>.+): (?P<remaining>-?{_USD}) remaining")),
)
_LINK = re.compile(r" - https?://\S+$")
_AMOUNTS = frozenset(Entry._fields) - {"kind", "text", "name", "resets"}
_PERCENTS = ("percent", "orb_percent")
_BALANCE = re.compile(
    r"^(?:Amp|Subscription|Individual credits|Workspace)\b[^:]*:"
    r"|\bremaining\b|\bbalance\b|\$ ?\d|\d ?%",
    re.IGNORECASE,
)
_SIGNED_IN = re.compile(r"^Signed in as ", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+")
_MARKUP = re.compile(r"\*\*|`")


def parse_usage(text: str) -> tuple[Entry, ...]:
    """Return what a text says is left, in its order; of one in quite other words the beginning."""
    lines = [line for raw in text.splitlines()[:_MOST_LINES] if (line := _plain(raw))]
    told = [line for line in lines if not _SIGNED_IN.match(line)]
    found = tuple(entry for line in told if (entry := _entry_of(line)) is not None)
    return found[:_MOST_ENTRIES] or tuple(map(_unknown, told[:_MOST_UNKNOWN]))


def _plain(raw: str) -> str:
    return _LINK.sub("", _MARKUP.sub("", clean(raw, _LINE)).lstrip("# ").strip())


def _entry_of(line: str) -> Entry | None:
    """Return what a line says; None where it speaks of something else."""
    for kind, form in _FORMS:
        match = form.fullmatch(line)
        if match is not None:
            return _understood(kind, line, match.groupdict())
    return _unknown(line) if _BALANCE.search(line) else None


def _understood(kind: Kind, line: str, found: Mapping[str, str | None]) -> Entry:
    said: dict[str, Any] = {
        name: _amount(text) if name in _AMOUNTS else text
        for name, text in found.items()
        if text is not None
    }
    if any(said.get(name, 0) > _WHOLE for name in _PERCENTS):
        return _unknown(line)
    return Entry(kind, _without_mail(line), **said)


def _unknown(line: str) -> Entry:
    return Entry("other", _without_mail(line))


def _without_mail(line: str) -> str:
    return _MAIL.sub("…", line)


def _amount(text: str) -> Decimal:
    return Decimal(text.replace("$", "").replace(",", ""))
