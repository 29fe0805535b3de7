"""Threads of which the truth is known: calls are only ever added, each of a hundred tokens."""

import copy
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.threads import CLAUDE, GPT, answer, asked, event, thread

TOKENS = 100
"""What each call is counted as, whoever tells of it."""

_MODELS = (CLAUDE, CLAUDE, CLAUDE, GPT, "model-x")
_TEXT = [{"type": "text", "text": "Lorem ipsum dolor sit amet. " * 20}]


class Story:
    """One thread as its agent goes on writing it.

    Attributes:
        name: the thread's id.
        root: which of the roots its file lies in.
        main: the thread that it is a sub-thread of.
        calls: how many were billed in it; what it copied of its origin is not of them.
    """

    def __init__(
        self,
        number: int,
        root: int,
        chance: random.Random,
        *,
        origin: "Story | None" = None,
        main: "Story | None" = None,
    ) -> None:
        """Begin with nothing billed.

        Args:
            origin: the thread that it is a fork of, as far as that has come.
        """
        self.name = f"T-{number:05}"
        self.root = root
        self.main = main
        self.calls = 0
        self._chance = chance
        alone = chance.random() < 0.4
        self._with_ledger: bool = alone if origin is None else origin._with_ledger
        # Within a few quarters of an hour, so that what is held does not grow with the calls.
        days = timedelta(days=chance.randrange(4), milliseconds=number)
        self._at = datetime.now(UTC) - days - timedelta(minutes=30)
        self._messages: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self._members: dict[str, Any] = {} if main is None else {"mainThreadID": main.name}
        if origin is not None:
            self._copy(origin)

    @property
    def session(self) -> str:
        """The session that its calls belong to."""
        return self.name if self.main is None else self.main.session

    def go_on(self, calls: int) -> None:
        """Have some more calls billed."""
        for _ in range(calls):
            self._at += timedelta(milliseconds=self._chance.randrange(1, 900))
            self._call()
        self.calls += calls

    def document(self) -> dict[str, Any]:
        """Return what lies on the disk once it is written whole."""
        return thread(
            *self._messages,
            events=self._events or None,
            id=self.name,
            v=len(self._messages),
            title=f"{self.name} at {len(self._messages) // 40}",
            env={"initial": {"trees": [{"displayName": f"project-{self.name[-1]}"}]}},
            **self._members,
        )

    def _copy(self, origin: "Story") -> None:
        self._at = origin._at + timedelta(minutes=1)
        self._messages = copy.deepcopy(origin._messages)
        self._events = copy.deepcopy(origin._events)
        self._members |= {
            "originThreadID": origin.name,
            "forkPointIndex": len(self._messages) - 1,
        }

    def _call(self) -> None:
        at, key = self._at.isoformat(timespec="milliseconds"), len(self._messages)
        model = self._chance.choice(_MODELS)
        if self._with_ledger:
            said = answer(key + 1, model=model)
            name = f"{self.name}-{key}"
            billed = {"timestamp": at, "model": model, "credits": 0.25, "toMessageId": key + 1}
            self._events.append(event(name, **billed))
        else:
            said = answer(key + 1, model=model, timestamp=at)
        self._messages += [asked(None, key) | {"content": _TEXT}, said | {"content": _TEXT}]


class Library:
    """All threads that were ever written, whatever became of their files."""

    def __init__(self, chance: random.Random, roots: int) -> None:
        self.stories: list[Story] = []
        self._chance = chance
        self._roots = roots

    def begin(self) -> Story:
        """Begin another thread: by itself, or a fork or a sub-thread of one that there is."""
        number, kind = len(self.stories), self._chance.random()
        root = number % self._roots
        # Families stay in one root, so that each root's figures are known by themselves.
        relatives = [story for story in self.stories if story.root == root]
        relative = self._chance.choice(relatives) if relatives else None
        story = Story(
            number,
            root,
            self._chance,
            origin=relative if kind < 0.15 else None,
            main=relative if 0.15 <= kind < 0.3 else None,
        )
        self.stories.append(story)
        return story

    def tokens(self, roots: set[int] | None = None) -> int:
        """Return what was used, in all roots or some."""
        return TOKENS * sum(story.calls for story in self._of(roots))

    def sessions(self) -> dict[str, int]:
        """Return the tokens by session."""
        found: dict[str, int] = {}
        for story in self.stories:
            found[story.session] = found.get(story.session, 0) + TOKENS * story.calls
        return found

    def _of(self, roots: set[int] | None) -> Iterator[Story]:
        return (story for story in self.stories if roots is None or story.root in roots)
