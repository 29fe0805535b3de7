"""A seeded corpus of plain threads: what every reader of Amp's files must agree on.

Both eras in which usage can be told to the millisecond, Claude's models only, every event with
its message, every message with its time. Nothing that needs a rule of its own: no forks, no
sub-threads, no tool events, no nulls, no mixed eras (sources/amp/README.md has what readers
disagree on). The same seed and size give the same bytes, so it serves benchmarks too.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

MODELS = ("claude-opus-4-5-20251101", "claude-sonnet-4-5-20250929")
SMALL_MODEL = "claude-haiku-4-5-20251001"
# Clock changes of both halves of the year lie in these spans.
LEDGER_ERA = (datetime(2025, 10, 20, tzinfo=UTC), datetime(2026, 1, 10, tzinfo=UTC))
TIMESTAMP_ERA = (datetime(2026, 1, 14, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Size:
    """How large a corpus is.

    Attributes:
        threads: how many; every other one is of the era with ledgers.
        turns: fewest and most answers of a thread.
        text: characters of each message's text, which no reader of usage needs.
    """

    threads: int = 300
    turns: tuple[int, int] = (1, 25)
    text: int = 200


PLAIN = Size()


def write_corpus(folder: Path, size: Size = PLAIN, *, seed: int = 1) -> list[Path]:
    """Write the corpus into a directory, which is made; its files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for thread in make_corpus(size, seed=seed):
        path = folder / f"{thread['id']}.json"
        path.write_text(json.dumps(thread, indent=2), "utf-8")
        paths.append(path)
    return paths


def make_corpus(size: Size = PLAIN, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield the threads of a corpus, era by era in turn."""
    for number in range(size.threads):
        yield make_thread(number, size, seed=seed)


def make_thread(number: int, size: Size = PLAIN, *, seed: int = 1) -> dict[str, Any]:
    """Return one thread of a corpus."""
    chance = random.Random(f"{seed}/{number}")
    return _ledger_thread(chance, number, size) if number % 2 else _thread(chance, number, size)


def _thread(chance: random.Random, number: int, size: Size) -> dict[str, Any]:
    """Return a thread whose messages say when: no ledger, no credits."""
    thread, moments = _begin(chance, number, size, TIMESTAMP_ERA)
    for at in moments:
        _add_turn(chance, thread, at, size)["timestamp"] = _stamp(at)
    return thread


def _ledger_thread(chance: random.Random, number: int, size: Size) -> dict[str, Any]:
    """Return a thread whose ledger says when and for how many credits."""
    thread, moments = _begin(chance, number, size, LEDGER_ERA)
    events = []
    for turn, at in enumerate(moments):
        usage = _add_turn(chance, thread, at, size)
        usage["credits"] = chance.randrange(1, 90_000) / 10_000
        answer = thread["messages"][-1]["messageId"]
        events.append(
            {
                "id": f"{number:08x}-0000-4000-8000-{turn:012x}",
                "timestamp": _stamp(at),
                "model": usage["model"],
                "credits": usage["credits"],
                "tokens": {"input": usage["inputTokens"], "output": usage["outputTokens"]},
                "operationType": "inference",
                "fromMessageId": answer - 1,
                "toMessageId": answer,
            }
        )
    events.append(
        {
            "id": f"{number:08x}-0000-4000-8000-ffffffffffff",
            "timestamp": _stamp(moments[0] + timedelta(milliseconds=1)),
            "model": SMALL_MODEL,
            "credits": chance.randrange(1, 300) / 10_000,
            "tokens": {"input": chance.randrange(100, 900), "output": chance.randrange(5, 20)},
            "operationType": "title-generation",
        }
    )
    return {**thread, "usageLedger": {"events": events}}


def _begin(
    chance: random.Random, number: int, size: Size, era: tuple[datetime, datetime]
) -> tuple[dict[str, Any], list[datetime]]:
    """Return a thread without messages, and the moments of its answers; some span days."""
    start, end = era
    began = start + timedelta(milliseconds=chance.randrange((end - start) // timedelta(0, 0, 1000)))
    pause = chance.choice((20, 300, 7200))  # seconds
    moments = [began]
    for _ in range(chance.randint(*size.turns) - 1):
        moments.append(moments[-1] + timedelta(milliseconds=chance.randrange(1, pause * 1000)))
    thread = {
        "v": 2 * len(moments),
        "id": f"T-0199c0de-0000-7000-8000-{number:012x}",
        "created": _millis(began) - 5000,
        "title": f"Plain thread {number}",
        "env": {"initial": {"trees": [{"displayName": f"project-{number % 7}"}]}},
        "messages": [],
    }
    return thread, [min(moment, end) for moment in moments]


def _add_turn(
    chance: random.Random, thread: dict[str, Any], at: datetime, size: Size
) -> dict[str, Any]:
    """Append a question and its answer; return the answer's usage, complete but for its time."""
    messages = thread["messages"]
    fresh, output = chance.randrange(1, 500), chance.randrange(1, 4000)
    creation, read = chance.randrange(9000), chance.randrange(150_000)
    usage = {
        "model": chance.choice(MODELS),
        "maxInputTokens": 168_000,
        "inputTokens": fresh,
        "outputTokens": output,
        "cacheCreationInputTokens": creation,
        "cacheReadInputTokens": read,
        "totalInputTokens": fresh + creation + read,
    }
    text = [{"type": "text", "text": "Lorem ipsum " * (size.text // 12)}]
    asked, said = len(messages), len(messages) + 1
    sent = {"sentAt": _millis(at) - 4000}
    done = {"type": "complete", "stopReason": "end_turn"}
    messages += [
        {"role": "user", "messageId": asked, "content": text, "meta": sent},
        {
            "role": "assistant",
            "messageId": said,
            "content": text,
            "state": done,
            "usage": usage,
        },
    ]
    return usage


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
