"""Corpora as real users have them: most of a thread file is what tools answered.

Sizes are log-normal with a mean near 200 KB. A corpus is made once and kept; whoever changes
threads works on links to its files (`users.User`), since programs replace files by rename.
"""

import json
import math
import random
import shutil
from pathlib import Path
from typing import Any

from tests.support.corpus import Size, make_thread

SEED = 20
_VERSION = "3"  # of what is generated here; another one has corpora made anew
_MEDIAN_BYTES, _SIGMA = 130_000, 0.9
_TURN_BYTES = 10_000
_LINES = (
    "    if (request.headers['content-type'] !== \"application/json\") {",
    "src/server/routes/billing.ts:118:\tconst total = items.reduce((a, b) => a + b.price, 0);",
    "✓ renders the panel with no threads (23 ms)",
    "diff --git a/lib/parser.py b/lib/parser.py",
    "-        return self._tokens[index]  # may be out of range \\u0000",
    "drwxr-xr-x  7 user user   4096 Feb 11 09:12 node_modules/.cache/webpack",
    'E   AssertionError: assert {"a": [1, 2]} == {"a": [1, 3]}',
    "",
)


def corpus(folder: Path, threads: int) -> Path:
    """Return the directory with a corpus of so many thread files, made if it is not there."""
    target = folder / f"threads-{threads}"
    stamp = target / "made"
    if stamp.is_file() and stamp.read_text("utf-8") == _VERSION:
        return target
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for number in range(threads):
        thread = bulky_thread(number, size_of(number))
        (target / f"{thread['id']}.json").write_bytes(encode(thread))
    stamp.write_text(_VERSION, "utf-8")
    return target


def size_of(number: int) -> int:
    """Return how many bytes a thread of a corpus has, nearly."""
    chance = random.Random(f"{SEED}/size/{number}")
    return int(min(max(chance.lognormvariate(math.log(_MEDIAN_BYTES), _SIGMA), 2000), 20_000_000))


def bulky_thread(number: int, size: int) -> dict[str, Any]:
    """Return a thread whose file has nearly so many bytes."""
    turns = max(1, size // _TURN_BYTES)
    thread = make_thread(number, Size(turns=(turns, turns), text=120), seed=SEED)
    room = size - len(encode(thread))
    chance = random.Random(f"{SEED}/bulk/{number}")
    asked = thread["messages"][::2]
    for place, message in enumerate(asked):
        share = max(0, room // len(asked) - 250)
        answer = {
            "type": "tool_result",
            "toolUseID": f"toolu_{number:06x}{place:06x}",
            "run": {"status": "done", "result": {"output": _output(chance, share)}},
        }
        # Made anew: question and answer share one list of blocks.
        message["content"] = [answer, *message["content"]]
    return thread


def encode(thread: dict[str, Any]) -> bytes:
    """Return a thread's file as Amp writes it."""
    return json.dumps(thread, indent=2, ensure_ascii=False).encode()


def _output(chance: random.Random, size: int) -> str:
    lines: list[str] = []
    while size > 0:
        line = chance.choice(_LINES)
        lines.append(line)
        size -= len(line) + 2 + line.count('"')
    return "\n".join(lines)
