"""Report documents made by hand: a few months of seeded usage, as the command line parses them.

Figures need not follow from any thread; they only fit together, as a report's do.
"""

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

Document = dict[str, Any]

NOW = datetime(2026, 11, 22, 4, 20, tzinfo=UTC)
HOSTILE = "</script><img src=x onerror=document.title='owned'>&amp; <b>bold</b> \"quoted\""
MODELS = (
    ("claude-opus-4-5-20251101", 9),
    ("claude-sonnet-4-5-20250929", 7),
    ("gpt-5.2", 4),
    ("gemini-3-pro-preview", 3),
    ("claude-haiku-4-5-20251001", 2),
    ("accounts/fireworks/models/glm-4p6", 1),
    ("grok-code-fast-1", 1),
    ("kimi-k2", 1),
    ("model-without-a-price", 1),
)
UNPRICED = "model-without-a-price"
_PROJECTS = ("webshop", "compiler", "infra", "notes", "design-system", None)
_TITLES = (
    "Teach the parser to forgive trailing commas",
    "Why does the login test fail on Tuesdays?",
    "Résumé of the meeting's notes 会議のまとめ 🗒️",
    "Port the build to arm64",
    "Cache the price list",
    "Rename things until they are right",
    None,
)
_COUNTS = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "totalTokens")


def documents(
    *, days: int = 60, sessions: int = 120, cost: bool = True, seed: int = 1
) -> dict[str, Document]:
    """Return the documents `daily`, `session` and `project` of some days up to `NOW`.

    Args:
        cost: False leaves out what `--no-cost` does.
    """
    chance = random.Random(seed)
    used = [_usage(chance, number, days) for number in range(sessions)] if days else []
    if used:
        used[0]["title"], used[0]["project"] = HOSTILE, HOSTILE
    by_day = _grouped(used, "date")
    by_project = _grouped(used, "project")
    by_session = [_row(item, item["models"]) for item in used]
    every = {
        "daily": [_row({"date": day}, models) for day, models in sorted(by_day.items())],
        "session": sorted(by_session, key=lambda row: -row["totalCost"]),
        "project": [_row({"project": name}, models) for name, models in by_project.items()],
    }
    keys = {"daily": "daily", "session": "sessions", "project": "projects"}
    made = {
        kind: {keys[kind]: rows, "totals": _sums(rows), "meta": _meta(bool(rows))}
        for kind, rows in every.items()
    }
    return made if cost else {kind: _without_cost(document) for kind, document in made.items()}


def _usage(chance: random.Random, number: int, days: int) -> Document:
    day = NOW.date() - timedelta(days=int(chance.triangular(0, days, days / 4)))
    names, weights = zip(*MODELS, strict=True)
    chosen = set(chance.choices(names, weights, k=chance.randrange(1, 4)))
    return {
        "sessionId": f"T-0199c0de-0000-7000-8000-{number:012x}",
        "title": chance.choice(_TITLES),
        "project": chance.choice(_PROJECTS),
        "date": day.isoformat(),
        "models": {name: _counts(chance, name) for name in sorted(chosen)},
    }


def _counts(chance: random.Random, model: str) -> Document:
    parts = [chance.randrange(1, most) for most in (4_000, 60_000, 200_000, 4_000_000)]
    total = sum(parts)
    cost = Decimal(0) if model == UNPRICED else Decimal(total) * chance.randrange(1, 9) / 1_000_000
    return {
        **dict(zip(_COUNTS, (*parts, total), strict=True)),
        "credits": Decimal(chance.randrange(0, 900)) / 100,
        "totalCost": cost,
        "unpricedTokens": total if model == UNPRICED else 0,
    }


def _grouped(used: Iterable[Document], key: str) -> dict[Any, dict[str, Document]]:
    groups: dict[Any, dict[str, Document]] = {}
    for item in used:
        held = groups.setdefault(item[key], {})
        for model, counts in item["models"].items():
            held[model] = _sums([held[model], counts]) if model in held else counts
    return groups


def _row(item: Document, models: dict[str, Document]) -> Document:
    head = {name: value for name, value in item.items() if name not in {"models", "date"}}
    if "sessionId" in item:
        day = date.fromisoformat(item["date"])
        head |= {
            "firstActivity": item["date"],
            "lastActivity": item["date"],
            "lastActivityAt": f"{datetime.combine(day, time(9))}".replace(" ", "T") + ".000Z",
            "source": "amp",
        }
    elif "date" in item:
        head["date"] = item["date"]
    breakdowns = [{"model": name, **counts} for name, counts in models.items()]
    breakdowns.sort(key=lambda row: (-row["totalCost"], row["model"]))
    return {
        **head,
        **_sums(models.values()),
        "modelsUsed": sorted(models),
        "modelBreakdowns": breakdowns,
    }


def _sums(rows: Iterable[Document]) -> Document:
    kept = list(rows)
    return {
        name: sum((row[name] for row in kept), 0)
        for name in (*_COUNTS, "credits", "totalCost", "unpricedTokens")
    }


def _meta(any_usage: bool) -> Document:
    return {
        "schemaVersion": 1,
        "generatedAt": NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "timezone": "Europe/Berlin",
        "mode": "auto",
        "sources": ["amp"],
        "pricing": {"origin": "bundled", "asOf": "2026-11-16"},
        "newestEventAt": "2026-11-22T03:02:00.000Z" if any_usage else None,
        "stale": False,
        "unpricedModels": [UNPRICED] if any_usage else [],
        "diagnostics": [],
    }


def _without_cost(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key not in _COSTS}
        return {key: _without_cost(item) for key, item in kept.items()}
    return [_without_cost(item) for item in value] if isinstance(value, list) else value


_COSTS = frozenset({"totalCost", "unpricedTokens"})
