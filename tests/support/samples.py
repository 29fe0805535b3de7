"""Thread files as Amp writes them, small: one answer at an instant."""

from datetime import UTC, datetime
from typing import Any

THREAD_ID = "T-0199aaaa-bbbb-7ccc-8ddd-00000000000a"
MODEL = "claude-opus-4-5-20251101"


def answer(at: datetime, *, message_id: int = 1, model: str = MODEL) -> dict[str, Any]:
    """Return an assistant message: 6,110 tokens, $0.0113 at the rates of the default model."""
    return {
        "role": "assistant",
        "messageId": message_id,
        "usage": {
            "model": model,
            "inputTokens": 10,
            "outputTokens": 100,
            "cacheCreationInputTokens": 1000,
            "cacheReadInputTokens": 5000,
            "totalInputTokens": 6010,
            "timestamp": at.isoformat(),
        },
    }


def thread(*messages: dict[str, Any], thread_id: str = THREAD_ID, **members: Any) -> dict[str, Any]:
    """Return a thread with these messages."""
    return {"v": len(messages), "id": thread_id, "title": "A thread", **members} | {
        "messages": list(messages)
    }


def now() -> datetime:
    """Return the present: what a live service counts as today."""
    return datetime.now(UTC)
