"""What the scripted service answers besides reports: whole documents, as the real one's are."""

from decimal import Decimal
from typing import Any

Json = dict[str, Any]

THREAD_ID = "T-0199aaaa-bbbb-7ccc-8ddd-00000000000a"
_NOW = "2026-11-22T02:00:00.000Z"
_LAST = "2026-11-22T01:00:00.000Z"

CROSSING: Json = {
    "name": "budgets.daily.usd",
    "level": "over",
    "period": "daily",
    "periodKey": "2026-11-22",
    "unit": "USD",
    "used": Decimal("1.10"),
    "limit": 1,
}


def summary(revision: int) -> Json:
    """Return the summary: $1.10 today, $1.30 this month, all of one thread."""
    return {
        "today": _period("2026-11-22", 100, "1.10"),
        "month": _period("2026-11", 300, "1.30"),
        "last7Days": [
            {"date": f"2026-11-{day}", "totalCost": Decimal(cost)}
            for day, cost in zip(range(16, 23), ["0"] * 5 + ["0.20", "1.10"], strict=True)
        ],
        "recentThreads": _period("", 300, "1.30")["threads"],
        "burnRate": Decimal("0.55"),
        "projection": Decimal("1.77"),
        "budgets": [
            {
                "period": "daily",
                "unit": "usd",
                "key": "2026-11-22",
                "limit": 1,
                "used": Decimal("1.10"),
                "share": Decimal("1.1"),
                "level": "over",
                "since": "2026-11-22T00:00:00.000Z",
                "nearAt": "2026-11-22T00:30:00.000Z",
                "overAt": _LAST,
            }
        ],
        "balance": None,
        "newestEventAt": _LAST,
        "stale": False,
        "paused": False,
        "diagnostics": 0,
        "unpricedModels": [],
        "sources": [],
        "revision": revision,
        "generatedAt": _NOW,
        "timezone": "UTC",
    }


def thread(revision: int) -> Json:
    """Return the one thread in detail."""
    return {
        "sessionId": THREAD_ID,
        "title": "A thread",
        "project": "shop",
        "source": "amp",
        "url": f"https://ampcode.com/threads/{THREAD_ID}",
        "file": f"/home/me/.local/share/amp/threads/{THREAD_ID}.json",
        "firstActivityAt": "2026-11-21T14:30:00.000Z",
        "lastActivityAt": _LAST,
        **_counts(300, "1.30"),
        "models": [{"model": "claude-opus-4-5", **_counts(300, "1.30")}],
        "hours": [
            {"hour": "2026-11-21T14:00:00+00:00", **_counts(200, "0.20")},
            {"hour": "2026-11-22T01:00:00+00:00", **_counts(100, "1.10")},
        ],
        "subThreads": [
            {
                "threadId": "T-0199aaaa-bbbb-7ccc-8ddd-00000000000b",
                "title": "A part of it",
                "firstActivityAt": "2026-11-22T00:45:00.000Z",
                "lastActivityAt": _LAST,
            }
        ],
        "revision": revision,
        "generatedAt": _NOW,
        "timezone": "UTC",
    }


def status(version: str, revision: int, *, ready: bool, paused: bool) -> Json:
    """Return the health of a service that reads one directory."""
    return {
        "state": "ready" if ready else "scanning",
        "failure": None,
        "uptimeSeconds": 60,
        "roots": [
            {
                "source": "amp",
                "path": "/home/me/.local/share/amp",
                "folder": "/home/me/.local/share/amp/threads",
                "exists": True,
            }
        ],
        "watchMode": "inotify",
        "watchReason": None,
        "files": 1,
        "progress": {"done": 1 if ready else 0, "total": 1},
        "sessions": 1 if ready else 0,
        "diagnostics": [],
        "pricing": {"origin": "bundled", "asOf": "2026-11-01"} if ready else None,
        "newestEventAt": _LAST if ready else None,
        "scannedAt": _NOW if ready else None,
        "revision": revision,
        "paused": paused,
        "version": version,
        "pid": 4242,
        "memoryBytes": 67108864,
        "socket": "/run/user/1000/amp-tray/rpc.sock",
        "ledger": "/home/me/.local/share/amp-tray/ledger.db",
    }


def _period(key: str, tokens: int, cost: str) -> Json:
    model = {"model": "claude-opus-4-5", **_counts(tokens, cost)}
    return {
        "key": key,
        **_counts(tokens, cost),
        "threads": [
            {
                "sessionId": THREAD_ID,
                "title": "A thread",
                "project": "shop",
                "firstActivity": "2026-11-21",
                "lastActivity": "2026-11-22",
                "lastActivityAt": _LAST,
                "source": "amp",
                **_counts(tokens, cost),
                "modelsUsed": ["claude-opus-4-5"],
                "modelBreakdowns": [model],
            }
        ],
        "models": [model],
        "projects": [{"project": "shop", **_counts(tokens, cost)}],
    }


def _counts(tokens: int, cost: str) -> Json:
    return {
        "inputTokens": tokens // 5,
        "outputTokens": tokens // 5,
        "cacheCreationTokens": tokens // 5,
        "cacheReadTokens": tokens * 2 // 5,
        "totalTokens": tokens,
        "credits": 0,
        "totalCost": Decimal(cost),
        "unpricedTokens": 0,
    }
