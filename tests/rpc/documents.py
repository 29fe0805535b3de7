"""The report documents that the scripted service answers with: small, whole and true to itself."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from amp_tray_rpc.messages import ReportParams

Json = dict[str, Any]

KEYS: Mapping[str, str] = {
    "daily": "daily",
    "weekly": "weekly",
    "monthly": "monthly",
    "session": "sessions",
    "blocks": "blocks",
    "project": "projects",
}

_MONEY = {"totalCost", "unpricedTokens", "costPerHour"}
_NOTHING = {"burnRate": None, "projection": None}


def report(kind: str, params: ReportParams) -> Json:
    """Return the document of a kind: 300 tokens for $0.30, whatever is asked about."""
    rows = _rows(kind)
    if params.order == "desc":
        rows.reverse()
    document = {
        KEYS[kind]: rows,
        "totals": _counts(300, "0.30"),
        "meta": {
            "schemaVersion": 1,
            "generatedAt": "2026-11-22T02:00:00.000Z",
            "timezone": params.timezone or "UTC",
            "mode": params.mode or "auto",
            "sources": ["amp"],
            "pricing": {"origin": "bundled", "asOf": "2026-11-01"},
            "newestEventAt": "2026-11-22T01:00:00.000Z",
            "stale": False,
            "unpricedModels": [],
            "diagnostics": [],
        },
    }
    return _without_money(document) if params.no_cost else document


def _rows(kind: str) -> list[Json]:
    return {
        "daily": [
            _row({"date": "2026-11-21"}, 200, "0.20"),
            _row({"date": "2026-11-22"}, 100, "0.10"),
        ],
        "weekly": [_row({"week": "2026-11-16"}, 300, "0.30")],
        "monthly": [_row({"month": "2026-11"}, 300, "0.30")],
        "session": [
            _row(
                {
                    "sessionId": "T-0199aaaa-bbbb-7ccc-8ddd-00000000000a",
                    "title": "A thread",
                    "project": "shop",
                    "firstActivity": "2026-11-21",
                    "lastActivity": "2026-11-22",
                    "lastActivityAt": "2026-11-22T01:00:00.000Z",
                    "source": "amp",
                },
                300,
                "0.30",
            )
        ],
        "blocks": [
            _block("2026-11-21T10:00:00.000Z", "2026-11-21T15:00:00.000Z", 200, "0.20"),
            _block("2026-11-21T15:00:00.000Z", "2026-11-22T00:00:00.000Z", 0, "0", isGap=True),
            _block(
                *("2026-11-22T00:00:00.000Z", "2026-11-22T05:00:00.000Z", 100, "0.10"),
                isActive=True,
                burnRate={"tokensPerMinute": Decimal("1.25"), "costPerHour": Decimal("0.075")},
                projection={
                    "totalTokens": 325,
                    "totalCost": Decimal("0.325"),
                    "remainingMinutes": 180,
                },
            ),
        ],
        "project": [_row({"project": "shop", "sessions": 1}, 300, "0.30")],
    }[kind]


def _block(start: str, end: str, tokens: int, cost: str, **more: Any) -> Json:
    head = {"startTime": start, "endTime": end, "isActive": False, "isGap": False, **_NOTHING}
    return _row({**head, **more}, tokens, cost)


def _row(head: Json, tokens: int, cost: str) -> Json:
    models = ["claude-opus-4-5"] if tokens else []
    return {
        **head,
        **_counts(tokens, cost),
        "modelsUsed": models,
        "modelBreakdowns": [{"model": model, **_counts(tokens, cost)} for model in models],
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


def _without_money(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: member for key, member in value.items() if key not in _MONEY}
        return {key: _without_money(member) for key, member in kept.items()}
    return [_without_money(item) for item in value] if isinstance(value, list) else value
