"""The first rows: today, this month, the last seven days and the budgets."""

from typing import Literal

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.menu import Row
from amp_tray.surfaces.tray.summary import Budget, Summary

_SEVERAL = 2


def figure_rows(summary: Summary) -> list[Row]:
    """Return what a glance is for; at most four rows."""
    if summary.is_empty:
        return [Row("no-usage", text.WORDS.no_usage)]
    rows = [
        Row("today", text.today_row(summary.today), children=_sources(summary, "today")),
        Row(
            "month",
            text.month_row(summary.month, summary.projection),
            children=_sources(summary, "month"),
        ),
    ]
    if summary.last_7_days:
        rows.append(Row("week", text.week_row([day.total_cost for day in summary.last_7_days])))
    if summary.budgets:
        rows.append(_budgets(summary.budgets))
    return rows


def _sources(summary: Summary, period: Literal["today", "month"]) -> tuple[Row, ...]:
    """Return what each log format has of a period, where there are several."""
    if len(summary.sources) < _SEVERAL:
        return ()
    return tuple(
        Row(
            f"{period}:{each.source}",
            text.source_row(each.source, each.today if period == "today" else each.month),
        )
        for each in summary.sources
    )


def _budgets(budgets: tuple[Budget, ...]) -> Row:
    """Return the budget that is used the most; of several, all below it."""
    fullest = max(budgets, key=lambda budget: budget.share)
    below = tuple(
        Row(f"budget:{budget.period}-{budget.unit}", text.budget_row(budget)) for budget in budgets
    )
    return Row("budgets", text.budget_row(fullest), children=below if len(below) > 1 else ())
