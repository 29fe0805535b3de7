"""The user around a soaked service: roots on the disk, an agent that writes, figures to agree on.

Time passes through `pace` alone; everything else waits for what it waits for, within a bound.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from amp_tray_rpc.aio import AsyncClient
from tests.support.sandbox import Sandbox
from tests.support.soak_stories import Library, Story

SECONDS = 30.0
"""Far above what anything here takes on a busy machine."""

GROWING = 50
BUDGET = 10_000
"""Tokens a day, usually: used up soon after the beginning."""

_WRITES_A_SECOND = 15.0
_IN_PLACE = 0.25
_MOST_CALLS = 120  # of a thread, then another one grows: some 200 KB

pace = asyncio.sleep
"""Let time pass, so that a soak lasts; nothing is waited for like this."""


async def until(is_so: Callable[[], bool], found: Callable[[], object]) -> None:
    """Look until something is so that nobody tells of; `found` says what is in the way."""
    try:
        async with asyncio.timeout(SECONDS):
            while not is_so():
                await pace(0.02)
    except TimeoutError:
        raise AssertionError(f"still there: {found()}") from None


class World:
    """One user, the threads of two roots, and a client to look at the service with.

    Attributes:
        library: all that was ever written.
        growing: threads whose files are there and not finished.
        gone: those whose files were deleted.
        places: where each root lies now.
        writing: held by whoever writes or moves files.
        floor: what the service has counted already, and so can never lose.
        crossed: how often it told which budget of which limit was crossed how, in which period.
    """

    def __init__(self, user: Sandbox, seed: str) -> None:
        self.user = user
        self.library = Library(random.Random(f"{seed}/library"), roots=2)
        self.growing: list[Story] = []
        self.gone: list[Story] = []
        self.roots = (user.home / ".local/share/amp", user.home / "other")
        self.places = list(self.roots)
        self.writing = asyncio.Lock()
        self.floor = 0
        self.crossed: Counter[tuple[str, ...]] = Counter()
        self._chance = random.Random(f"{seed}/world")
        self._client: AsyncClient | None = None
        self._news = asyncio.Event()
        self._turns = 0  # odd while the settings are not the usual ones

    @contextmanager
    def unusual_settings(self) -> Iterator[None]:
        """Have settings that leave out a root, or cannot be used."""
        self._turns += 1
        yield
        self._turns += 1

    def usual(self) -> Callable[[], bool]:
        """Return what says whether the settings have been the usual ones from now on."""
        turn = self._turns
        return lambda: turn % 2 == 0 and self._turns == turn

    def configure(self, more: str = "", *, roots: int = 2, budget: int = BUDGET) -> None:
        """Write the settings: the roots, what a day may use, and some more."""
        names = ", ".join(f'"{root}"' for root in self.roots[:roots])
        budgets = f"[budgets]\ndaily = {{ tokens = {budget}, usd = 0.01 }}\n"
        self.user.configure(f"{more}{budgets}[sources.amp]\nroots = [{names}]\n")

    def write(self, story: Story, data: bytes | None = None) -> None:
        """Write a thread as its agent does: beside its place, then renamed."""
        path = self.path_of(story)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(path.name + ".amptmp")
        half.write_bytes(encode(story) if data is None else data)
        half.replace(path)

    def path_of(self, story: Story) -> Path:
        """Return where a thread's file lies now, or would."""
        return self.places[story.root] / "threads" / f"{story.name}.json"

    async def fill_up(self) -> None:
        """Begin threads until as many grow as are to."""
        async with self.writing:
            while len(self.growing) < GROWING:
                story = self.library.begin()
                story.go_on(self._chance.randrange(1, 5))
                self.write(story)
                self.growing.append(story)

    async def grow(self) -> None:
        """Have the threads grow, some file after the other, until cancelled."""
        while True:
            await self.fill_up()
            async with self.writing:
                story = self._chance.choice(self.growing)
                story.go_on(self._chance.randrange(1, 4))
                if self._chance.random() < _IN_PLACE:
                    await self._write_in_place(story)
                else:
                    self.write(story)
                if story.calls >= _MOST_CALLS:
                    self.growing.remove(story)
            await pace(self._chance.expovariate(_WRITES_A_SECOND))

    async def stream(self) -> None:
        """Have one thread after the other grow ten times a second for a while, until cancelled."""
        while True:
            await pace(self._chance.uniform(2, 6))
            story = self._chance.choice(self.growing)
            for _ in range(self._chance.randrange(5, 20)):
                async with self.writing:
                    if story in self.growing:
                        story.go_on(1)
                        self.write(story)
                await pace(0.1)

    async def _write_in_place(self, story: Story) -> None:
        data = encode(story)
        with self.path_of(story).open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            try:
                await pace(self._chance.uniform(0.005, 0.1))
            finally:
                file.write(data[len(data) // 2 :])

    async def look(self) -> None:
        """Connect to the service, to look at it with `agree` and `ask`."""
        self._client = await AsyncClient.connect(
            self.user.program.address,
            call_seconds=SECONDS,
            on_notification=self._hear,
        )
        await self.ask("usage.subscribe")

    def _hear(self, method: str, params: dict[str, Any]) -> None:
        self._news.set()
        if method == "budget.crossed":
            names = ("name", "limit", "periodKey", "level")
            self.crossed[tuple(str(params[name]) for name in names)] += 1

    async def look_away(self) -> None:
        """End that connection."""
        assert self._client is not None
        await self._client.close()

    async def ask(self, method: str, **params: object) -> Any:
        """Call a method."""
        assert self._client is not None
        return await self._client.call(method, params)

    async def agree(self, roots: set[int] | None = None) -> None:
        """Wait until the service counts what was written, nothing less and nothing more.

        Nobody may write meanwhile, and everything has to be in its place.
        """
        expected, told = self.library.tokens(roots), -1
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + SECONDS
        while told != expected:
            self._news.clear()
            told = (await self.ask("report.session"))["totals"]["totalTokens"]
            # Roots that are to be left out are there until the settings are in force.
            assert told <= expected or roots, f"{told - expected} tokens too many"
            if told != expected:
                assert loop.time() < give_up_at, f"{expected - told} tokens are missing"
                await _within(2.0, self._news)
        if roots is None:
            self.floor = expected


def encode(story: Story) -> bytes:
    """Return a thread's file."""
    return json.dumps(story.document(), indent=2).encode()


async def _within(seconds: float, event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
