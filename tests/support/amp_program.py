"""A stand-in for Amp's command line program, as its contract is documented.

    amp = AmpProgram(directory)
    amp.threads = [thread(...)]
    amp.says = {"usage": ["sleep"]}

It is a real program: `amp threads list --json`, `amp threads export ID`, `amp usage`. What it
does lies in a file beside it, so that a test may change it while others run the program. Each
run is written down with its words and its environment.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_SCRIPT = r"""#!{python} -IS
import json, os, sys, time
folder = os.path.dirname(os.path.abspath(__file__))
words = sys.argv[1:]
with open(os.path.join(folder, "calls.jsonl"), "a") as calls:
    calls.write(json.dumps({{"words": words, "pid": os.getpid(), "env": dict(os.environ)}}) + "\n")
with open(os.path.join(folder, "amp.json")) as file:
    told = json.load(file)
does = told["does"].get(" ".join(words)) or told["does"].get(" ".join(words[:2])) or ["answer"]

def end(code, line):
    print(line, file=sys.stderr)
    sys.exit(code)

what = does[0]
if what == "hang":
    child = os.fork()
    if child:
        with open(os.path.join(folder, "children"), "a") as file:
            file.write(str(child) + "\n")
    time.sleep(600)
elif what == "flood":
    block = b"[" + b" " * 65535
    while True:
        os.write(1, block)
elif what == "print":
    sys.stdout.write(does[1])
    sys.exit(0)
elif what == "fail":
    end(does[1], does[2])

if not told["signed_in"]:
    end(1, "Error: You are not logged in. Run `amp login` first.")
if words[:3] == ["threads", "list", "--json"]:
    rows = told["rows"]
    if "--offset" in words:
        if told["page"] is None:
            end(1, "error: unknown option '--limit'")
        first = int(words[words.index("--offset") + 1])
        rows = rows[first : first + int(words[words.index("--limit") + 1])]
    elif told["page"] is not None:
        rows = rows[: told["page"]]
    print(json.dumps(rows))
elif words[:2] == ["threads", "export"] and len(words) == 3:
    path = os.path.join(folder, "exports", words[2] + ".json")
    if not os.path.exists(path):
        end(1, "Error: Thread not found")
    with open(path) as file:
        sys.stdout.write(file.read())
elif words == ["usage"]:
    print(told["usage"])
else:
    end(2, "error: unknown command")
"""

USAGE = """\
Signed in as someone@example.com (Some One)
Amp Free: $4.20/$10 remaining (replenishes +$0.42/hour)
Individual credits: $12.50 remaining
"""


class AmpProgram:
    """The program and what it does.

    Attributes:
        path: where it is.
        page: how many rows its list has by itself, None for all; else it knows pages.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "amp"
        (folder / "exports").mkdir(parents=True)
        self._told: dict[str, Any] = {
            "rows": [],
            "usage": USAGE,
            "signed_in": True,
            "does": {},
            "page": None,
        }
        self._save()
        self.path.write_text(_SCRIPT.format(python=sys.executable), "utf-8")
        self.path.chmod(0o755)

    def has(self, *threads: Mapping[str, Any], updated: str = "2026-11-22T10:00:00.000Z") -> None:
        """Add threads, or replace those of the same ids; the last given is listed first."""
        for thread in threads:
            name = str(thread["id"])
            (self.folder / "exports" / f"{name}.json").write_text(json.dumps(thread), "utf-8")
            self.lists(
                {
                    "id": name,
                    "title": "A thread",
                    "updated": updated,
                    "tree": None,
                    "messageCount": len(thread["messages"]),
                }
            )

    def lists(self, *rows: Mapping[str, Any]) -> None:
        """Put rows at the head of the list, for threads that need not exist."""
        for row in rows:
            kept = [other for other in self._told["rows"] if other.get("id") != row.get("id")]
            self._told["rows"] = [dict(row), *kept]
        self._save()

    def lists_only(self, rows: Sequence[object]) -> None:
        """Make this the list."""
        self._told["rows"] = list(rows)
        self._save()

    def forgets(self, thread_id: str) -> None:
        """Remove a thread that stays on the list."""
        (self.folder / "exports" / f"{thread_id}.json").unlink()

    def does(self, words: str, *what: object) -> None:
        """Have it do something else at a command: answer, hang, flood, print TEXT, fail N TEXT."""
        self._told["does"][words] = list(what)
        self._save()

    def set(self, **members: object) -> None:
        """Set `signed_in`, `usage` or `page`."""
        self._told |= members
        self._save()

    def calls(self) -> list[list[str]]:
        """Return the words of each run so far."""
        return [call["words"] for call in self.runs()]

    def exports(self) -> list[str]:
        """Return the ids that were asked for, in order."""
        return [words[2] for words in self.calls() if words[:2] == ["threads", "export"]]

    def runs(self) -> list[dict[str, Any]]:
        """Return each run so far: `words`, `pid`, `env`."""
        try:
            lines = (self.folder / "calls.jsonl").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines]

    def forget_calls(self) -> None:
        """Begin to count anew."""
        (self.folder / "calls.jsonl").unlink(missing_ok=True)

    def processes(self) -> list[int]:
        """Return the processes of runs that hang, which may have been killed."""
        path = self.folder / "children"
        children = path.read_text("utf-8").split() if path.exists() else []
        return [*(run["pid"] for run in self.runs()), *map(int, children)]

    def _save(self) -> None:
        half = self.folder / "amp.half"
        half.write_text(json.dumps(self._told), "utf-8")
        half.replace(self.folder / "amp.json")


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX" and os.path.exists(f"/proc/{pid}")  # noqa: PTH110 - as cheap as it gets
