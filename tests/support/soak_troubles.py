"""What befalls a service that runs for months: one trouble after another, mended after a while."""

import asyncio
import os
import random
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.support.soak_world import BUDGET, World, pace

_PRICES = """
[[price]]
model = "{}"
input = {}
output = 20
"""
_BAD = (b"", b"{", b'{"id": "T-bad", "messages": [{', b"\x00\xff\xfe", b"[" * 3000, b"null", b"{}")
_SETTINGS = (
    'log_level = "debug"\n',
    'timezone = "Asia/Kathmandu"\n',
    'report = { start_of_week = "sunday" }\n',
    'watch = { mode = "poll" }\n',
)
_BUDGETS = (BUDGET, 30_000, 100_000)
_UNUSABLE = ("timezone = 3\n", "no = such\n", '[sources.amp]\nroots = "x"\n')

Trouble = Callable[[], Awaitable[None]]


class Troubles:
    """Makes trouble, one kind at a time, and leaves everything in its place again."""

    def __init__(self, world: World, pid: int, seed: str) -> None:
        self.made: dict[str, int] = {}
        self._world = world
        self._user = world.user
        self._pid = pid
        self._chance = random.Random(f"{seed}/troubles")
        self._last: asyncio.Future[None] | None = None

    async def make(self) -> None:
        """Make trouble until cancelled; `settle` waits for the end of the last."""
        kinds: tuple[Trouble, ...] = (
            *(self._delete, self._delete, self._bring_back, self._move_root_away),
            *(self._replace_root, self._link_threads, self._drop_root, self._pause),
            *(self._reload, self._reload, self._change_prices, self._put_bad_files),
            *(self._ask_for_rescans, self._stop_process),
        )
        turn: list[Trouble] = []
        while True:
            if not turn:
                turn = self._chance.sample(kinds, len(kinds))
            trouble = turn.pop()
            name = trouble.__name__.strip("_")
            self.made[name] = self.made.get(name, 0) + 1
            self._last = asyncio.ensure_future(trouble())
            await asyncio.shield(self._last)
            await pace(self._chance.uniform(0.1, 1.0))

    async def settle(self) -> None:
        """Put everything in the place that the comparison takes it to have."""
        if self._last is not None:
            await self._last
        self._world.configure()
        self._user.program.price_files.overlay.unlink(missing_ok=True)
        os.kill(self._pid, signal.SIGHUP)
        await self._world.agree()
        await self._until_status(
            lambda status: status["pricing"]["origin"] == "bundled" and not status["diagnostics"]
        )

    async def _delete(self) -> None:
        async with self._calm() as world:
            for story in self._chance.sample(world.growing, self._chance.randrange(1, 5)):
                world.path_of(story).unlink()
                world.growing.remove(story)
                world.gone.append(story)

    async def _bring_back(self) -> None:
        async with self._world.writing:
            if not self._world.gone:
                return
            story = self._world.gone.pop(self._chance.randrange(len(self._world.gone)))
            self._world.write(story)
            self._world.growing.append(story)

    async def _move_root_away(self) -> None:
        """Move a root and back; its agent goes on writing where it is."""
        world, number = self._world, self._chance.randrange(2)
        away = world.roots[number].with_name("away")
        async with world.writing:
            world.places[number] = world.roots[number].rename(away)
        if self._chance.random() < 0.5:
            await self._until_status(lambda status: not status["roots"][number]["exists"])
        await pace(self._chance.uniform(0, 2))
        async with world.writing:
            world.places[number] = away.rename(world.roots[number])

    async def _link_threads(self) -> None:
        """Have the threads lie elsewhere for a while, behind a link, as dotfiles do."""
        world, number = self._world, self._chance.randrange(2)
        threads, elsewhere = world.roots[number] / "threads", self._user.home / "elsewhere"
        async with world.writing:
            threads.rename(elsewhere)
            threads.symlink_to(elsewhere)
        if self._chance.random() < 0.5:
            async with self._calm():
                pass  # what is behind it is read
        await pace(self._chance.uniform(0, 2))
        async with world.writing:
            threads.unlink()
            elsewhere.rename(threads)

    async def _replace_root(self) -> None:
        """Have another directory stand where a root stood, with copies of most of its files."""
        async with self._calm() as world:
            number = self._chance.randrange(2)
            root = world.roots[number]
            fresh, old = root.with_name("fresh"), root.with_name("old")
            shutil.copytree(root, fresh)
            for story in [story for story in world.growing if story.root == number][:2]:
                (fresh / "threads" / f"{story.name}.json").unlink()
                world.growing.remove(story)
                world.gone.append(story)
            root.rename(old)
            fresh.rename(root)
            shutil.rmtree(old)

    async def _pause(self) -> None:
        await self._world.ask("service.pause", paused=True)
        await pace(self._chance.uniform(0.1, 1.5))
        await self._chance.choice((self._move_root_away, self._bring_back, self._change_prices))()
        await self._world.ask("service.pause", paused=False)

    async def _reload(self) -> None:
        before = (await self._world.ask("service.status"))["settings"]["loadedAt"]
        fine = "".join(self._chance.sample(_SETTINGS, self._chance.randrange(4)))
        if self._chance.random() < 0.3:
            with self._world.unusual_settings():
                self._user.configure(self._chance.choice(_UNUSABLE))
                self._signal()
                await self._until_status(lambda status: status["settings"]["failure"] is not None)
                self._world.configure(fine)
        else:
            self._world.configure(fine, budget=self._chance.choice(_BUDGETS))
        self._signal()
        await self._until_status(lambda status: status["settings"]["loadedAt"] > before)

    async def _drop_root(self) -> None:
        """Take a root out of the settings, and in again."""
        with self._world.unusual_settings():
            async with self._calm() as world:
                self._world.configure(roots=1)
                self._signal()
                await self._until_status(lambda status: _amp_roots(status) == 1)
                await world.agree({0})
            await pace(self._chance.uniform(0, 1))
            async with self._world.writing:
                self._world.configure()
                self._signal()
                await self._until_status(lambda status: _amp_roots(status) == 2)
                await self._world.agree()

    async def _change_prices(self) -> None:
        match self._chance.randrange(3):
            case 0:
                self._user.program.price_files.overlay.unlink(missing_ok=True)
            case 1:
                self._user.configure("[[price", "pricing.toml")
            case _:
                model = self._chance.choice(("model-x", "claude-opus-4-5-20251101"))
                text = _PRICES.format(model, self._chance.randrange(100))
                self._user.configure(text, "pricing.toml")
        await pace(self._chance.uniform(0, 1))

    async def _put_bad_files(self) -> None:
        """Put what is no thread beside the threads, and take it away or turn it into one."""
        world, root = self._world, self._chance.randrange(2)
        async with world.writing:
            folder = world.places[root] / "threads"
            paths = [folder / f"T-bad-{number}.json" for number in range(len(_BAD))]
            for path, data in zip(paths, _BAD, strict=True):
                path.write_bytes(data)
            odd = [folder / name for name in ("T-folder.json", "T-pipe.json", "T-loop.json")]
            odd[0].mkdir()
            os.mkfifo(odd[1])
            odd[2].symlink_to(odd[2])
        await self._until_status(lambda status: bool(status["diagnostics"]))
        async with world.writing:
            for path in paths:
                path.unlink()
            odd[0].rmdir()
            odd[1].unlink()
            odd[2].unlink()
            # A file that was bad and is good now.
            story = world.library.begin()
            path = world.path_of(story)
            path.write_bytes(b'{"id": "')
            story.go_on(2)
            await pace(0.3)
            world.write(story)
            world.growing.append(story)

    async def _ask_for_rescans(self) -> None:
        await asyncio.gather(*(self._world.ask("service.refresh") for _ in range(10)))

    async def _stop_process(self) -> None:
        os.kill(self._pid, signal.SIGSTOP)
        await pace(self._chance.uniform(0.2, 1.5))
        os.kill(self._pid, signal.SIGCONT)

    @asynccontextmanager
    async def _calm(self) -> AsyncIterator[World]:
        """Keep everybody from writing, with all that was written counted."""
        async with self._world.writing:
            await self._world.agree()
            yield self._world

    def _signal(self) -> None:
        """Ask for the settings at once, more than once, or leave it to the service."""
        for _ in range(self._chance.randrange(4)):
            os.kill(self._pid, signal.SIGHUP)

    async def _until_status(self, is_so: Callable[[dict[str, Any]], bool]) -> None:
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + 30
        while not is_so(status := await self._world.ask("service.status")):
            assert loop.time() < give_up_at, status
            await pace(0.05)


def _amp_roots(status: dict[str, Any]) -> int:
    return sum(root["source"] == "amp" for root in status["roots"])
