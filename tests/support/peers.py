"""The native ccusage beside this program, on one user's files."""

import json
import subprocess
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tests.support.installed import SECONDS, install
from tests.support.sandbox import Sandbox
from tests.support.threads import Json

ROOT = Path(__file__).parents[2]
KEYS = {"daily": "date", "monthly": "month", "session": "sessionId"}
KINDS = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens")


class Count(NamedTuple):
    """What a row says: the four token kinds, their total and the credits."""

    tokens: tuple[int, ...]
    total: int
    credits: float


Costs: TypeAlias = dict[str, float]
"""USD by row, and of the totals."""


Figures: TypeAlias = dict[str, Count]


def install_ccusage() -> Path:
    """Return the peer's command, installed where it can be."""
    needs = ("node", "npm")
    return Path(install("install_peers.sh", "peers", what="ccusage", needs=needs))


class Comparison:
    """One user's logs, as both programs count them; this program's figures come first.

    Args:
        agent: whose logs, in the peer's word.
    """

    def __init__(self, user: Sandbox, peer: Path, agent: str = "amp") -> None:
        self.user = user
        self._peer = peer
        self._agent = agent

    def figures(self, kind: str, zone: str = "UTC") -> tuple[Figures, Figures]:
        """Return each row of a report by its key, and the totals."""
        return (
            _figures(self.user.report(kind, "--timezone", zone), kind),
            _figures(self._ask_peer(kind, zone), kind),
        )

    def costs(self, kind: str, mode: str = "auto") -> tuple[Costs, Costs]:
        """Return each row's USD by its key, and the totals'; here at the bundled prices."""
        return (
            _costs(self.user.report(kind, "--timezone", "UTC", "--mode", mode), kind),
            _costs(self._ask_peer(kind, "UTC", "--mode", mode), kind),
        )

    def totals(self) -> tuple[Count, Count]:
        """Return the totals alone."""
        ours, theirs = self.figures("daily")
        return ours["totals"], theirs["totals"]

    def _ask_peer(self, kind: str, zone: str, *more: str) -> Json:
        more = ("--timezone", zone, *(more if more[1:] != ("auto",) else ()))
        done = subprocess.run(
            [self._peer, self._agent, kind, "--json", "--offline", *more],
            env=self.user.env,
            cwd=self.user.home,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
        document: Json = json.loads(done.stdout)
        return document


def _figures(document: Json, kind: str) -> Figures:
    rows = document["sessions" if kind == "session" else kind]
    return {
        **{row[KEYS[kind]]: _count(row) for row in rows},
        "totals": _count(document["totals"]),
    }


def _costs(document: Json, kind: str) -> Costs:
    rows = document["sessions" if kind == "session" else kind]
    return {
        **{row[KEYS[kind]]: row["totalCost"] for row in rows},
        "totals": document["totals"]["totalCost"],
    }


def _count(row: Json) -> Count:
    # The peer leaves credits out where there are none, and sums them as binary fractions.
    return Count(
        tuple(row[kind] for kind in KINDS), row["totalTokens"], round(row.get("credits", 0), 6)
    )
