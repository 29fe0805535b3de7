"""What the doctor finds of prices: their age, the last refresh, usage without a price."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from typing import Any

from amp_tray.core.events import UNKNOWN_MODEL
from amp_tray.core.figures import plural
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.remedies import BAD_SETTINGS, OLD_PRICES, REFRESH_FAILS, UNPRICED

Json = dict[str, Any]

Problem = tuple[str, str, str]
"""A code, a place and a sentence."""

_OLD_DAYS = 45


def examine_pricing(program: Program) -> tuple[Json, list[Problem]]:
    """Return the state of the prices, and what is wrong with them or the settings."""
    from amp_tray.core.periods import day_of  # noqa: PLC0415 - a doctor's visit alone pays
    from amp_tray.surfaces.cli.pricing import pricing_status  # noqa: PLC0415

    status = pricing_status(program)
    age = (day_of(program.queries().clock(), UTC) - date.fromisoformat(status["asOf"])).days
    state = {**status, "ageDays": max(0, age)}
    problems: list[Problem] = []
    if program.settings_trouble is not None:
        problems.append((BAD_SETTINGS, str(program.config_path), program.settings_trouble.message))
    if status["failure"] is not None:
        problems.append((REFRESH_FAILS, status["url"], status["failure"]))
    if age > _OLD_DAYS and not status["offline"]:
        problems.append((OLD_PRICES, status["origin"], f"the prices are {age:,} days old"))
    return state, problems


def unpriced_models(report: Mapping[str, Any] | None) -> list[Json]:
    """Return the models without a price and their tokens of all time, most tokens first."""
    tokens: dict[str, int] = {}
    for row in () if report is None else report["monthly"]:
        for model in row["modelBreakdowns"]:
            if model["unpricedTokens"]:
                name = model["model"]
                tokens[name] = tokens.get(name, 0) + model["unpricedTokens"]
    ranked = sorted(tokens.items(), key=lambda item: (-item[1], item[0]))
    return [{"model": model, "tokens": count} for model, count in ranked]


def unpriced_problems(unpriced: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield a problem for each model that has a name and no price."""
    for row in unpriced:
        # Usage whose log names no model is told, but there is nothing to be done about it.
        if row["model"] != UNKNOWN_MODEL:
            sentence = f"{plural(row['tokens'], 'token has', 'tokens have')} no price"
            yield UNPRICED, row["model"], sentence


def pricing_lines(pricing: Mapping[str, Any], unpriced: Sequence[Json]) -> Iterator[str]:
    """Yield the lines that tell of prices."""
    from amp_tray.surfaces.cli.pricing import refresh_sentence  # noqa: PLC0415

    age = plural(pricing["ageDays"], "day", "days")
    yield f"{'Prices':<10} {pricing['origin']}, as of {pricing['asOf']} ({age} old)"
    yield f"{'Refresh':<10} {refresh_sentence(pricing)}"
    for row in unpriced:
        yield f"{'Unpriced':<10} {row['model']}: {plural(row['tokens'], 'token', 'tokens')}"
