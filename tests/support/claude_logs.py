"""Claude Code's session logs: lines by hand, and a seeded corpus of plain sessions.

A plain corpus is what every reader agrees on: answers told in parts, with or without a cost of
their own, cache kept for five minutes and for an hour, quick service, sub-agents, and resumed
sessions that begin with copies. Nothing of what readers disagree on
(sources/claude_code/README.md). The same seed and size give the same bytes.
"""

import json
import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.threads import Json

SONNET, OPUS, QUICK = "claude-sonnet-4-5-20250929", "claude-opus-4-5-20251101", "claude-opus-4-6"
SESSION = "0199aaaa-bbbb-4ccc-8ddd-00000000000a"
OTHER = "0199aaaa-bbbb-4ccc-8ddd-00000000000b"
AT = "2026-02-10T10:00:00.000Z"
PROJECT = "-home-me-shop"
_COUNTS = (
    *("input_tokens", "output_tokens"),
    *("cache_creation_input_tokens", "cache_read_input_tokens"),
)
_BEGIN = datetime(2026, 2, 8, tzinfo=UTC)


def usage(*counts: int, **members: object) -> Json:
    """Return a call's usage: input, output, cache creation, cache read, as many as are given."""
    return {**dict(zip(_COUNTS, (*counts, 0, 0, 0, 0), strict=False)), **members}


def said(
    name: str = "1", *counts: int, at: str = AT, model: str | None = SONNET, **members: Any
) -> Json:
    """Return the line of an answer; members of `usage` and of the message are given by name."""
    of_usage = members.pop("usage", {})
    of_message = members.pop("message", {})
    return {
        "type": "assistant",
        "timestamp": at,
        "sessionId": SESSION,
        "cwd": "/home/me/shop",
        "version": "2.1.0",
        "isSidechain": False,
        "uuid": f"uuid-{name}-{at}",
        "requestId": f"req_{name}",
        "message": {
            "id": f"msg_{name}",
            "model": model,
            "role": "assistant",
            "content": [{"type": "text", "text": "…"}],
            "usage": usage(*(counts or (10, 20, 30, 40)), **of_usage),
            **of_message,
        },
        **members,
    }


def encode(lines: Iterable[Json | bytes]) -> bytes:
    """Return lines as Claude Code writes them."""
    return b"".join((line if isinstance(line, bytes) else dense(line)) + b"\n" for line in lines)


def dense(line: Json) -> bytes:
    """Return one line without its newline."""
    return json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode()


def put(root: Path, name: str, *lines: Json | bytes) -> Path:
    """Write a log below a root; its name is that below `projects`."""
    path = root / "projects" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(lines))
    return path


def append(path: Path, *lines: Json | bytes) -> Path:
    """Append lines to a log, as an agent does."""
    with path.open("ab") as file:
        file.write(encode(lines))
    return path


class LogSize(NamedTuple):
    """How large a corpus is.

    Attributes:
        turns: fewest and most calls of a session.
        text: characters of what tools answered, a call.
        days: in how many all sessions begin.
        pauses: most seconds between two calls; each session has one of them.
    """

    sessions: int = 120
    turns: tuple[int, int] = (1, 40)
    text: int = 200
    days: int = 40
    pauses: tuple[int, ...] = (20, 300, 3600)


PLAIN = LogSize()


def write_logs(root: Path, size: LogSize = PLAIN, *, seed: int = 1) -> list[Path]:
    """Write a corpus below a root; its files."""
    paths: list[Path] = []
    last: tuple[str, list[Json]] | None = None
    for number in range(size.sessions):
        chance = random.Random(f"{seed}/{number}")
        project = f"-home-me-project-{number // 10}"
        session = str(uuid.UUID(int=(number << 80) + chance.getrandbits(64), version=4))
        lines = list(_session(chance, session, project, size))
        if last is not None and last[0] == project and number % 5 == 0:
            copied = [{**line, "sessionId": session} for line in last[1][: len(last[1]) // 2]]
            lines = [*copied, *lines]  # as a session does that was resumed
        last = (project, lines)
        paths.append(put(root, f"{project}/{session}.jsonl", *lines))
        if number % 4 == 0:
            agent = f"agent-{number:08x}"
            beside = _session(chance, session, project, size._replace(turns=(1, 8)), aside=True)
            paths.append(put(root, f"{project}/{session}/subagents/{agent}.jsonl", *beside))
    return paths


def _session(
    chance: random.Random, session: str, project: str, size: LogSize, *, aside: bool = False
) -> Iterator[Json]:
    at = _BEGIN + timedelta(seconds=chance.randrange(size.days * 86_400))
    pause = chance.choice(size.pauses)
    priced = chance.random() < 0.2  # as logs of 2025 are
    model = chance.choice((SONNET, OPUS, QUICK))
    common = {
        "sessionId": session,
        "cwd": f"/home/me/{project[9:]}",
        "version": "2.1.0",
        "isSidechain": aside,
    }
    for _ in range(chance.randint(*size.turns)):
        at += timedelta(milliseconds=chance.randrange(1000, pause * 1000))
        if at.hour == 23 and at.minute > 50:
            at += timedelta(minutes=20)
        text = 'Lorem "ipsum" \\n dolor ' * (size.text // 22)
        yield {
            **common,
            "type": "user",
            "timestamp": _stamp(at),
            "uuid": _hex(chance),
            "message": {"role": "user", "content": [{"type": "tool_result", "content": text}]},
        }
        yield from _answer(chance, common, at, model, priced=priced)


def _answer(
    chance: random.Random, common: Json, at: datetime, model: str, *, priced: bool
) -> Iterator[Json]:
    """Yield an answer's lines: one for each of its parts, the output growing."""
    five, hour = chance.randrange(9000), chance.choice((0, 0, chance.randrange(5000)))
    output = chance.randrange(3, 4000)
    name, request = f"msg_01{_hex(chance)}", f"req_011C{_hex(chance)}"
    quick = {"speed": chance.choice(("standard", "fast"))} if model == QUICK else {}
    cost = {"costUSD": chance.randrange(10_000_000) / 10**8} if priced else {}
    parts = chance.randint(1, 3)
    for part in range(1, parts + 1):
        yield {
            **common,
            **cost,
            "type": "assistant",
            "timestamp": _stamp(at + timedelta(seconds=2 * part)),
            "uuid": _hex(chance),
            "requestId": request,
            "message": {
                "id": name,
                "type": "message",
                "role": "assistant",
                "model": model,
                "content": [{"type": "text", "text": f"Part {part}"}],
                "usage": {
                    "input_tokens": 1 + chance.randrange(500) * (part == parts),
                    "cache_creation_input_tokens": five + hour,
                    "cache_read_input_tokens": 40_000,
                    "cache_creation": {
                        "ephemeral_5m_input_tokens": five,
                        "ephemeral_1h_input_tokens": hour,
                    },
                    "output_tokens": max(1, output * part // parts),
                    "service_tier": "standard",
                    **quick,
                },
            },
        }


def _hex(chance: random.Random) -> str:
    return f"{chance.getrandbits(88):022x}"


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
