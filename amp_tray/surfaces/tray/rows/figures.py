"""The first rows: today, this month, the last seven days and the budgets."""

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.menu import Row
from amp_tray.surfaces.tray.summary import Budget, Summary


def figure_rows(summary: Summary) -> list[Row]:
    """Return what a glance is for; at most four rows."""
    if summary.is_empty:
        return [Row("no-usage", text.WORDS.no_usage)]
    rows = [
        Row("today", text.today_row(summary.today)),
        Row("month", text.month_row(summary.month, summary.projection)),
    ]
    if summary.last_7_days:
        rows.append(Row("week", text.week_row([day.total_cost for day in summary.last_7_days])))
    if summary.budgets:
        rows.append(_budgets(summary.budgets))
    return rows


def _budgets(budgets: tuple[Budget, ...]) -> Row:
    """Return the budget that is used the most; of several, all below it."""
    fullest = max(budgets, key=lambda budget: budget.share)
    below = tuple(
        Row(f"budget:{budget.period}-{budget.unit}", text.budget_row(budget)) for budget in budgets
    )
    return Row("budgets", text.budget_row(fullest), children=below if len(below) > 1 else ())
