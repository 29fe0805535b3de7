"""The four token counts that every usage carries, and the sums made of them."""

from typing import NamedTuple

from amp_tray.core.money import NO_CREDITS, NO_USD, Credits, Usd


class TokenCounts(NamedTuple):
    """Tokens of one model call; none is negative, and no kind includes another.

    A tuple, not a dataclass: a ledger holds hundreds of thousands, and building a frozen
    dataclass costs several times as much.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_tokens: int = 0
    cache_read_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        """Return the sum of the four kinds."""
        return sum(self)


class Totals(NamedTuple):
    """What some usage adds up to: exact, and the same in whatever order it was added.

    Attributes:
        credits: as recorded; 0 when none was recorded.
        cost: USD as the cost mode has it, of the priced part only.
        unpriced_tokens: tokens that have no such cost; they are in the counts, not the cost.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_tokens: int = 0
    cache_read_tokens: int = 0
    credits: Credits = NO_CREDITS
    cost: Usd = NO_USD
    unpriced_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        """Return the sum of the four kinds."""
        return (
            self.input_tokens
            + self.output_tokens
            + self.cache_creation_tokens
            + self.cache_read_tokens
        )
