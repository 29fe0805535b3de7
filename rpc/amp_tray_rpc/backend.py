"""What the wire needs of the program behind it.

The program implements `Backend`; the wire calls it and knows nothing else of it. Every call
happens on the server's event loop, so a backend that computes for long does so elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:  # the models are pydantic's, which a backend's importer may not need
    from amp_tray_rpc.messages import ReportParams


@dataclass(frozen=True, slots=True)
class EncodedJson:
    """A result that is JSON text already; it reaches the client unparsed, byte for byte.

    It stands for a whole result or summary, never inside another value. Line framing shows
    line feeds between its tokens as blanks, so compact text is best.

    Attributes:
        data: one JSON value, UTF-8, valid: nothing checks it again.
    """

    data: bytes


Json: TypeAlias = EncodedJson | Mapping[str, object] | Sequence[object]
"""A result. Decimals inside are written as exact JSON numbers; NaN and infinity are faults."""


class Backend(Protocol):
    """The program behind the wire.

    A method refuses by raising `amp_tray_rpc.errors.RpcError`. Any other exception is a
    fault of the program: the client learns only that there was one.
    """

    @property
    def version(self) -> str:
        """The program's version."""

    @property
    def revision(self) -> int:
        """Number of the newest snapshot; every published one raises it."""

    @property
    def ready(self) -> bool:
        """Whether the first scan is published; until then most methods are refused."""

    async def summary(self) -> Json:
        """Return today, this month and the state around them."""

    async def report(self, kind: str, params: "ReportParams") -> Json:
        """Return the report document of `kind` (daily, weekly, monthly, session, blocks, project).

        Raises:
            RpcError: a date, zone or session that cannot be.
        """

    async def thread(self, session_id: str) -> Json:
        """Return one session: its usage by model and by hour, and its sub-threads.

        Raises:
            RpcError: the id, or beginning of one, is of no session or of several.
        """

    async def status(self) -> Json:
        """Return the service's health."""

    async def refresh(self) -> Json:
        """Rescan now and return `{"revision": n}`."""

    async def refresh_prices(self) -> Json:
        """Ask for today's prices, have them in force, and return where they are from.

        Raises:
            RpcError: the network is not to be used, or the prices could not be had.
        """

    async def pause(self, paused: bool) -> Json:
        """Stop reading files, or go on, and return `{"paused": bool}`."""

    async def shutdown(self) -> Json:
        """Begin to stop and return `{"stopping": true}`.

        It must not wait for the server's `close`, which waits for this very answer.
        """

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Call `on_change` on the event loop after each revision.

        Returns:
            The function that ends the subscription.
        """

    def subscribe_crossings(self, on_crossed: Callable[[Json], None]) -> Callable[[], None]:
        """Call `on_crossed` on the event loop each time a budget is crossed.

        It is given the params of the notification `budget.crossed`: `name`, `level` (near or
        over), `period` (daily, weekly or monthly), `periodKey`, `unit` (USD, tokens or
        credits), `used` and `limit`.

        Returns:
            The function that ends the subscription.
        """
