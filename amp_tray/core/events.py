"""The usage event: one billed model call, counted once."""

from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from amp_tray.core.money import Usd
from amp_tray.core.tokens import TokenCounts

UNKNOWN_MODEL = "unknown"
"""The model of usage whose log names none; it is counted and never priced."""


class Evidence(StrEnum):
    """What in the file an event was counted from."""

    MESSAGE = "message"  # an assistant message's usage alone
    EVENT = "event"  # a usage ledger event alone
    PAIR = "pair"  # an inference event and the message it claims
    TOOL = "tool"  # a tool's own record of its model calls


class Terms(NamedTuple):
    """On what terms a call was made, where they are not the usual ones.

    Attributes:
        hour_creation_tokens: those of its cache creation that are kept for an hour.
        speed: empty, or the vendor's word for quicker service (`rates.Tier`).
    """

    hour_creation_tokens: int = 0
    speed: str = ""


class UsageEvent(NamedTuple):
    """One billed model call, normalised; neither priced nor grouped.

    Attributes:
        session_id: the report row it belongs to (for Amp the root thread).
        thread_id: the thread whose file held it.
        at: epoch milliseconds, UTC; `rung` says how it is known (`records.Rung`).
        credits: nanocredits as recorded, None when not recorded.
        recorded_cost: picodollars given by the log itself, None when not given.
        single: whether the counts are one inference's (context tiers apply to those only).
        message_id, event_id, tool_use_id: where it came from, for whoever asks why.
        terms: None where they are the usual ones.
    """

    session_id: str
    thread_id: str
    at: int
    rung: int
    evidence: str
    model: str
    input_tokens: int
    output_tokens: int
    cache_creation_tokens: int
    cache_read_tokens: int
    credits: int | None = None
    recorded_cost: Usd | None = None
    single: bool = True
    message_id: str | None = None
    event_id: str | None = None
    tool_use_id: str | None = None
    terms: Terms | None = None

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Return the four kinds: input, output, cache creation, cache read."""
        return (
            self.input_tokens,
            self.output_tokens,
            self.cache_creation_tokens,
            self.cache_read_tokens,
        )

    @property
    def total_tokens(self) -> int:
        """Return the sum of the four kinds."""
        return (
            self.input_tokens
            + self.output_tokens
            + self.cache_creation_tokens
            + self.cache_read_tokens
        )


Use: TypeAlias = tuple[int, str, int, int, int, int, int | None, int | None, bool, Terms | None]
"""What of a usage event costs and sums are made of: `at`, `model`, the four counts, `credits`,
`recorded_cost`, `single` and `terms`."""

_USED = ("at", "model", *TokenCounts._fields, "credits", "recorded_cost", "single", "terms")
use_of = itemgetter(*map(UsageEvent._fields.index, _USED))
"""Returns the `Use` of a usage event."""


class Rule(StrEnum):
    """The accounting rules by which usage is counted elsewhere or not at all."""

    SUB_THREAD = "R3"
    FORK = "R4"
    TOOL = "R5"
    COPY = "copy"


class Drop(NamedTuple):
    """Something that a file holds and that is not counted there.

    Attributes:
        session_id: the session whose file holds it.
        tokens: how many tokens it tells of.
        why: one sentence that says where they are counted.
    """

    session_id: str
    thread_id: str
    rule: str
    what: str
    tokens: int
    why: str
