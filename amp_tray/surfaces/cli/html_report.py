"""The report as one web page that needs nothing but itself: no network, no other file.

In: the documents of one report, as `amp-tray report … --json` gives them. Out: the page's
text. The style sheet and the script lie beside the template in `html/`; the page allows those
two by their hashes and nothing else, so that no text of a thread could ever run as a program.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import resources
from string import Template
from typing import Any, Final

from amp_tray.core.errors import UsageError
from amp_tray.core.figures import SERVER_THREADS, ago, money, plural, short_number
from amp_tray.core.periods import zone_named
from amp_tray.surfaces.cli.html.charts import columns_chart, divided_bar, ranking
from amp_tray.surfaces.cli.html.markup import Attributes, Markup, joined, tag
from amp_tray.surfaces.cli.html.series import (
    Measure,
    Share,
    day_text,
    measure_of,
    ranked_models,
    ranked_projects,
    timeline,
)
from amp_tray.surfaces.cli.html.sessions import session_table

Document = Mapping[str, Any]

_OLD = timedelta(days=7)
_PROJECTS_SHOWN = 12
_KINDS: Final = (
    ("inputTokens", "input"),
    ("outputTokens", "output"),
    ("cacheCreationTokens", "cache creation"),
    ("cacheReadTokens", "cache read"),
)
_MODES: Final = {
    "auto": "the cost that a log recorded, else the vendors' list prices",
    "calculate": "the vendors' list prices",
    "display": "what was recorded; for Amp its credits, at one cent each",
}


def html_page(documents: Mapping[str, Document]) -> str:
    """Return the page.

    Args:
        documents: the report documents `daily`, `session` and `project` of the same options,
            with numbers as `int` or `Decimal`.
    """
    daily, sessions = documents["daily"], documents["session"]["sessions"]
    style, script = _asset("report.css"), _asset("report.js")
    title = "Amp usage" if daily["meta"]["sources"] == ["amp"] else "Token usage"
    return Template(_asset("report.html")).substitute(
        policy=_policy(style, script),
        style=style,
        script=script,
        title=joined((title,)),
        subtitle=joined((_subtitle(daily),)),
        notices=_notices(daily),
        tiles=_tiles(daily, documents["session"]),
        charts=_charts(daily, documents["project"]["projects"]),
        sessions=_sessions(sessions, documents["session"]["totals"]),
        meta=_meta(daily["meta"]),
    )


def _asset(name: str) -> str:
    return (resources.files("amp_tray.surfaces.cli") / "html" / name).read_text("utf-8").strip()


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _subtitle(daily: Document) -> str:
    zone = f"days of {daily['meta']['timezone']}"
    dates = sorted(date.fromisoformat(row["date"]) for row in daily["daily"])
    if not dates:
        return f"No usage · {zone}"
    first, last = day_text(dates[0]), day_text(dates[-1])
    return f"{first if first == last else f'{first} to {last}'} · {zone}"


def _notices(daily: Document) -> Markup:
    """Return what must be known before any figure is believed."""
    meta, totals = daily["meta"], daily["totals"]
    lines = []
    if totals.get("unpricedTokens"):
        models = ", ".join(meta["unpricedModels"])
        count = f"{totals['unpricedTokens']:,}"
        lines.append(f"The cost is without {count} tokens that have no known price: {models}.")
    if meta["stale"]:
        lines.append("The figures may be behind the thread files.")
    if meta["diagnostics"]:
        troubles = plural(len(meta["diagnostics"]), "file or record", "files or records")
        lines.append(f"{troubles} could not be used; amp-tray doctor lists them.")
    newest = meta["newestEventAt"]
    if newest and _instant(meta["generatedAt"]) - _instant(newest) > _OLD:
        lines.append(f"{SERVER_THREADS}.")
    return joined(tag("p", {"class": "notice", "role": "note"}, line) for line in lines)


def _tiles(daily: Document, session: Document) -> Markup:
    totals = daily["totals"]
    tiles = [_tokens_tile(totals), _sessions_tile(session["sessions"]), _credits_tile(totals)]
    if "totalCost" in totals:
        tiles.insert(0, _cost_tile(daily))
    return joined(tiles)


def _cost_tile(daily: Document) -> Markup:
    totals, rows = daily["totals"], daily["daily"]
    mark = tag("abbr", {"title": "some tokens have no known price"}, "*")
    value = (money(Decimal(totals["totalCost"])), mark if totals["unpricedTokens"] else "")
    if not rows:
        return _tile("Cost", joined(value), "nothing yet")
    average = money(Decimal(totals["totalCost"]) / len(rows))
    days = plural(len(rows), "day", "days")
    return _tile("Cost", joined(value), f"{average} a day on {days} with usage", big=True)


def _tokens_tile(totals: Document) -> Markup:
    shares = [Share(name, Decimal(totals[key]), short_number(totals[key])) for key, name in _KINDS]
    bar = divided_bar(shares, name="kinds", title="Tokens by kind")
    exact = tag(
        "span", {"title": f"{totals['totalTokens']:,}"}, short_number(totals["totalTokens"])
    )
    return _tile("Tokens", exact, bar, wide=True)


def _sessions_tile(sessions: Sequence[Document]) -> Markup:
    projects = len({row["project"] for row in sessions if row["project"] is not None})
    said = f"in {plural(projects, 'project', 'projects')}" if projects else "no project recorded"
    return _tile("Sessions", f"{len(sessions):,}", said)


def _credits_tile(totals: Document) -> Markup:
    amount = Decimal(totals["credits"])
    if not amount:
        return _tile("Amp credits", "—", "none recorded")
    return _tile("Amp credits", f"{amount:,.2f}", "as recorded; one credit is one cent")


def _tile(label: str, value: str, said: str, *, wide: bool = False, big: bool = False) -> Markup:
    names = " ".join(name for name, on in (("tile", True), ("two", wide), ("main", big)) if on)
    return tag(
        "div",
        {"class": names},
        tag("h2", {}, label),
        tag("p", {"class": "value"}, value),
        tag("div", {"class": "said"}, said),
    )


def _charts(daily: Document, projects: Sequence[Document]) -> Markup:
    rows = daily["daily"]
    if not rows:
        return tag("p", {"class": "card empty"}, "No usage found.")
    measure = measure_of(daily["totals"])
    data = timeline(rows, measure)
    by_time = _by(measure, data.step)
    highest = max(data.columns, key=lambda column: column.total)
    chart = columns_chart(data, measure, name="timeline", title=by_time)
    models = ranking(ranked_models(rows, measure), label=_by(measure, "model"), series=data.series)
    shares = _with_rest(ranked_projects(projects, measure), measure)
    ranked = ranking(shares, label=_by(measure, "project"))
    return joined(
        (
            _card(by_time, chart, f"highest: {highest.name}, {measure.amount(highest.total)}"),
            tag(
                "div",
                {"class": "pair"},
                _card(_by(measure, "model"), models),
                _card(_by(measure, "project"), ranked),
            ),
        )
    )


def _by(measure: Measure, what: str) -> str:
    return f"{measure.noun} by {what}"


def _with_rest(shares: list[Share], measure: Measure) -> list[Share]:
    """Return the largest shares, and the others as one."""
    shown, others = shares[:_PROJECTS_SHOWN], shares[_PROJECTS_SHOWN:]
    if len(others) < 2:  # noqa: PLR2004 - one row for one row saves nothing
        return shares
    amount = sum((share.amount for share in others), Decimal(0))
    return [*shown, Share(f"{len(others):,} other projects", amount, measure.amount(amount))]


def _card(title: str, content: Markup, aside: str = "") -> Markup:
    said = tag("p", {}, aside) if aside else ""
    head = tag("div", {"class": "card-head"}, tag("h2", {}, title), said)
    return tag("section", {"class": "card"}, head, content)


def _sessions(rows: Sequence[Document], totals: Document) -> Markup:
    if not rows:
        return tag("p", {"class": "empty"}, "No session has its last activity in this time.")
    scroll: Attributes = {
        "class": "scroll",
        "tabindex": 0,
        "role": "region",
        "aria-labelledby": "sessions-title",
    }
    return tag("div", scroll, session_table(rows, totals))


def _meta(meta: Document) -> Markup:
    made = _instant(meta["generatedAt"])
    newest = "no usage yet"
    if meta["newestEventAt"]:
        at = _instant(meta["newestEventAt"])
        newest = joined((_moment(at, meta["timezone"]), f" ({ago(at, made)})"))
    pricing = meta["pricing"]
    facts: list[tuple[str, str]] = [
        ("Made", _moment(made, meta["timezone"])),
        ("Newest usage", newest),
        ("Cost", f"{_MODES.get(meta['mode'], meta['mode'])} ({meta['mode']})"),
        ("Prices", f"as of {pricing['asOf']} ({pricing['origin']})"),
        ("Time zone", meta["timezone"]),
    ]
    pairs = (tag("div", {}, tag("dt", {}, name), tag("dd", {}, value)) for name, value in facts)
    note = "Cost is an estimate in USD and never includes credits, which stand beside it."
    return joined((tag("dl", {}, *pairs), tag("p", {}, note)))


def _moment(at: datetime, zone_name: str) -> Markup:
    """Return an instant in the report's zone; in UTC where this system does not know the zone."""
    try:
        local = at.astimezone(zone_named(zone_name))
    except UsageError:
        local = at
    text = f"{day_text(local.date())}, {local:%H:%M}"
    return tag("time", {"datetime": at.isoformat()}, text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
