"""Plausible `usage.summary` documents for tests of their readers."""

import copy
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

_COUNTS = {
    "inputTokens": 200_000,
    "outputTokens": 100_000,
    "cacheCreationTokens": 400_000,
    "cacheReadTokens": 2_500_000,
    "totalTokens": 3_200_000,
}
_NO_COUNTS = dict.fromkeys(_COUNTS, 0)


def thread(session_id: str = "T-1", title: str = "Fix the login", **members: Any) -> dict[str, Any]:
    """Return a thread of a period; `members` replace or add."""
    return {
        "sessionId": session_id,
        "title": title,
        "project": "shop",
        "source": "amp",
        **_COUNTS,
        "credits": 45.1,
        "totalCost": 4.2,
        "unpricedTokens": 0,
        "modelsUsed": ["claude-opus-4"],
        "modelBreakdowns": [],
        "lastActivityAt": "2026-11-22T11:57:00.000Z",
        **members,
    }


def share(**members: Any) -> dict[str, Any]:
    """Return the part of a model or a project; `members` replace or add."""
    return {**_COUNTS, "credits": 0, "totalCost": 4.2, "unpricedTokens": 0, "model": "m", **members}


def budget(span: str, unit: str, used: float, limit: float) -> dict[str, Any]:
    """Return how a budget stands."""
    share = used / limit
    return {
        "period": span,
        "unit": unit,
        "key": "2026-11-22",
        "limit": limit,
        "used": used,
        "share": share,
        "level": "over" if share >= 1 else "near" if share >= 0.8 else "ok",
        "since": "2026-11-22T00:00:00.000Z",
        "nearAt": None,
        "overAt": None,
    }


def summary(**members: Any) -> dict[str, Any]:
    """Return a summary with usage today; `members` replace whole members."""
    document = {
        "today": period("2026-11-22", totalCost=12.34, credits=45.1, threads=[thread()]),
        "month": period("2026-11", totalTokens=61_400_000, totalCost=210.02, credits=812.0),
        "last7Days": [
            {"date": f"2026-11-{16 + day}", "totalCost": cost}
            for day, cost in enumerate((0, 3, 1.5, 6, 12, 1.5, 12.34))
        ],
        "recentThreads": [thread()],
        "burnRate": 0.42,
        "projection": 301.5,
        "budgets": [],
        "balance": None,
        "newestEventAt": "2026-11-22T11:57:00.000Z",
        "stale": False,
        "paused": False,
        "diagnostics": 0,
        "unpricedModels": [],
        "revision": 12,
        "generatedAt": "2026-11-22T11:59:00.000Z",
        "timezone": "Europe/Berlin",
    }
    return copy.deepcopy({**document, **members})


def period(key: str, **members: Any) -> dict[str, Any]:
    """Return a period with usage; `members` replace or add."""
    return {
        "key": key,
        **_COUNTS,
        "credits": 0,
        "totalCost": 0,
        "unpricedTokens": 0,
        "threads": [],
        "models": [],
        "projects": [],
        **members,
    }


def empty_summary(**members: Any) -> dict[str, Any]:
    """Return the summary of a service that found no usage."""
    return summary(
        **{
            "today": period("2026-11-22", **_NO_COUNTS),
            "month": period("2026-11", **_NO_COUNTS),
            "last7Days": [{"date": f"2026-11-{16 + day}", "totalCost": 0} for day in range(7)],
            "projection": None,
            "newestEventAt": None,
            **members,
        }
    )
