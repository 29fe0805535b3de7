"""Charts as inline SVG: columns over time, bars by rank, one divided bar.

Widths are percentages and heights pixels, so that a chart fills any page and its text keeps
its size. Colours are classes (`s0` … and `rest`), which the page's style sheet gives for light
and dark. Every chart has a title and a description, and a table or list of the same figures.
"""

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from amp_tray.surfaces.cli.html.markup import Markup, joined, tag
from amp_tray.surfaces.cli.html.series import OTHERS, Column, Measure, Share, Timeline

_PLOT = 220
"""Height of the columns, in pixels; the labels come on top of it."""
_ABOVE, _BELOW = 14, 30
_WIDEST = Decimal(7)
"""Percent of the chart that a single column may take."""
_GAP = Decimal("0.28")
"""Share of a column's room that stays free."""
_TICKS = 8
_GRID_LINES = 4
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


def columns_chart(data: Timeline, measure: Measure, *, name: str, title: str) -> Markup:
    """Return a chart of stacked columns with its legend and its table.

    Args:
        data: at least one column.
        name: a word that no other chart of the page has, for ids.
    """
    columns = data.columns
    top = max((column.total for column in columns), default=Decimal(0))
    step = _grid_step(top)
    scale = step * max(1, int((top / step).to_integral_value(ROUND_CEILING)))
    highest = max(columns, key=lambda column: column.total)
    described = (
        f"{len(columns):,} columns from {columns[0].name} to {columns[-1].name}; "
        f"the highest is {highest.name}: {highest.detail[0]}."
    )
    plot = tag(
        "svg",
        {
            "class": "plot",
            "width": "100%",
            "height": _ABOVE + _PLOT + _BELOW,
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
        },
        tag("title", {"id": f"{name}-title"}, title),
        tag("desc", {"id": f"{name}-desc"}, described),
        *_grid(step, scale, measure.tick),
        *(
            _column(column, index, len(columns), data.series, scale)
            for index, column in enumerate(columns)
        ),
        *_labels(columns),
    )
    heads = ("Date", *data.series, "Total")
    cells = [
        (column.name, *map(measure.amount, column.parts), measure.amount(column.total))
        for column in columns
    ]
    return tag("figure", {"class": "chart"}, plot, _legend(data.series), _as_table(heads, cells))


def ranking(shares: Sequence[Share], *, label: str, series: Sequence[str] = ()) -> Markup:
    """Return shares as bars one below the other; a list, so that it reads without them too.

    Args:
        label: what is ranked.
        series: the names that have a colour elsewhere on the page; without them all have one.
    """
    top = max((share.amount for share in shares), default=Decimal(0)) or Decimal(1)
    whole = sum((share.amount for share in shares), Decimal(0))
    items = [
        tag(
            "li",
            {},
            tag("span", {"class": "name", "title": share.name}, share.name),
            tag("span", {"class": "amount"}, share.text),
            tag("span", {"class": "share"}, percent(share.amount, whole)),
            _bar(share, share.amount / top, _colour_of(share.name, series)),
        )
        for share in shares
    ]
    return tag("ol", {"class": "ranking", "aria-label": label}, *items)


def divided_bar(shares: Sequence[Share], *, name: str, title: str) -> Markup:
    """Return one bar divided into its shares, with a legend that has the figures."""
    whole = sum((share.amount for share in shares), Decimal(0))
    edges = [Decimal(0)]
    for share in shares:
        edges.append(edges[-1] + (share.amount / whole * 100 if whole else 0))
    parts = [
        tag(
            "rect",
            {"class": f"k{index}", "x": _percent(left), "width": _percent(right - left),
             "y": 0, "height": 10},
        )
        for index, (left, right) in enumerate(pairwise(edges))
    ]  # fmt: skip
    described = ", ".join(f"{share.name} {share.text}" for share in shares)
    plot = tag(
        "svg",
        {"class": "divided", "width": "100%", "height": 10, "role": "img",
         "aria-labelledby": f"{name}-title {name}-desc"},
        tag("title", {"id": f"{name}-title"}, title),
        tag("desc", {"id": f"{name}-desc"}, described),
        *parts,
    )  # fmt: skip
    legend = [
        tag("li", {}, tag("i", {"class": f"swatch k{index}"}), share.name, " ",
            tag("b", {}, share.text))
        for index, share in enumerate(shares)
    ]  # fmt: skip
    return joined((plot, tag("ul", {"class": "legend"}, *legend)))


def percent(part: Decimal, whole: Decimal) -> str:
    """Return a share as `12%`; a small one as `<1%`."""
    if not whole or not part:
        return "0%"
    share = part / whole * 100
    return "<1%" if share < 1 else f"{share:.0f}%"


def _colour_of(name: str, series: Sequence[str]) -> str:
    """Return the class of a name's colour; what is drawn among others shares theirs."""
    if not series:
        return "accent"
    return f"s{series.index(name)}" if name in series and name != OTHERS else "rest"


def _grid_step(top: Decimal) -> Decimal:
    """Return a round distance between grid lines, so that few of them reach `top`."""
    if top <= 0:
        return Decimal(1)
    least = top / _GRID_LINES
    power = Decimal(1).scaleb(least.adjusted())
    return next(step * power for step in _STEPS if step * power >= least)


def _grid(step: Decimal, scale: Decimal, label: Callable[[Decimal], str]) -> list[Markup]:
    lines = []
    for number in range(int(scale / step) + 1):
        y = _y(step * number, scale)
        lines += [
            tag("line", {"class": "grid" if number else "axis",
                         "x1": 0, "x2": "100%", "y1": y, "y2": y}),
            tag("text", {"class": "tick", "x": -8, "y": y, "dy": "0.32em", "text-anchor": "end"},
                label(step * number) if number else "0"),
        ]  # fmt: skip
    return lines


def _column(
    column: Column, index: int, count: int, series: Sequence[str], scale: Decimal
) -> Markup:
    room = Decimal(100) / count
    width = min(room * (1 - _GAP), _WIDEST)
    left = room * index + (room - width) / 2
    rects, reached = [], Decimal(0)
    for number, part in enumerate(column.parts):
        if part <= 0:
            continue
        bottom, reached = _y(reached, scale), reached + part
        rects.append(
            tag(
                "rect",
                {
                    "class": _colour_of(series[number], series),
                    "x": _percent(left),
                    "width": _percent(width),
                    "y": _y(reached, scale),
                    "height": _short(Decimal(bottom) - Decimal(_y(reached, scale))),
                },
            )
        )
    hit = tag(
        "rect",
        {"class": "hit", "x": _percent(room * index), "width": _percent(room),
         "y": 0, "height": _ABOVE + _PLOT},
        tag("title", {}, "\n".join((column.name, *column.detail))),
    )  # fmt: skip
    return tag("g", {"class": "column"}, *rects, hit)


def _labels(columns: Sequence[Column]) -> list[Markup]:
    """Name a few columns; every other name may give way on a narrow page."""
    every = -(-len(columns) // _TICKS)
    room = Decimal(100) / len(columns)
    return [
        tag(
            "text",
            {
                "class": "tick minor" if number % 2 else "tick",
                "x": _percent(room * index + room / 2),
                "y": _ABOVE + _PLOT + 20,
                "text-anchor": "middle",
            },
            columns[index].tick,
        )
        for number, index in enumerate(range((len(columns) - 1) % every, len(columns), every))
    ]


def _bar(share: Share, length: Decimal, colour: str) -> Markup:
    return tag(
        "svg",
        {"width": "100%", "height": 6, "role": "img"},
        tag("title", {}, f"{share.name}: {share.text}"),
        tag("rect", {"class": "track", "width": "100%", "height": 6, "rx": 3}),
        tag("rect", {"class": colour, "width": _percent(length * 100), "height": 6, "rx": 3}),
    )


def _legend(series: Sequence[str]) -> Markup:
    return tag(
        "ul",
        {"class": "legend"},
        *(
            tag("li", {}, tag("i", {"class": f"swatch {_colour_of(name, series)}"}), name)
            for name in series
        ),
    )


def _as_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """Return the same figures as a table, folded away."""
    head = tag("tr", {}, *(tag("th", {"scope": "col"}, text) for text in heads))
    body = [
        tag("tr", {}, tag("th", {"scope": "row"}, first), *(tag("td", {}, text) for text in rest))
        for first, *rest in rows
    ]
    table = tag("table", {"class": "figures"}, tag("thead", {}, head), tag("tbody", {}, *body))
    scroll = tag("div", {"class": "scroll", "tabindex": 0}, table)
    return tag("details", {}, tag("summary", {}, "Show as a table"), scroll)


def _y(value: Decimal, scale: Decimal) -> str:
    return _short(_ABOVE + _PLOT * (1 - value / scale))


def _percent(value: Decimal) -> str:
    return f"{_short(value)}%"


def _short(value: Decimal) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
