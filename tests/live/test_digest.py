"""Digests: how many files are in memory together, and which are shared out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from amp_tray.live import digest, sharing
from amp_tray.live.digest import Digester
from amp_tray.live.file_state import MAX_FILE_BYTES
from amp_tray.live.files import Begun, begin_log
from amp_tray.live.roots import Root
from amp_tray.live.sharing import digest_all
from amp_tray.sources.amp.source import AMP
from tests.support.scans import PRICES, put
from tests.support.threads import answer, thread

Work = Callable[[], Digester]


@pytest.fixture
def digester(tmp_path: Path) -> Work:
    """Return what makes digesters of five threads of one size, and of a file that is not there."""
    paths = [put(tmp_path, thread(answer(), id=f"T-{n}"), f"T-{n}") for n in range(5)]
    root = Root(AMP, tmp_path, 1)
    files = [(root, name) for name in (*(path.name for path in paths), "T-gone.json")]

    def made() -> Digester:
        card_of = PRICES.catalogue.card_of
        return Digester(files, card_of, since=0, max_bytes=MAX_FILE_BYTES)

    return made


@pytest.mark.parametrize("most", [1, 2, 5])
def test_no_more_is_decoded_together_than_memory_is_meant_for(
    digester: Work, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    expected = digester().digests(range(6))
    size, *_ = digester().sizes()
    steps: list[str] = []

    def noting(*args: object, **names: object) -> Begun | None:
        begun = begin_log(*args, **names)  # type: ignore[arg-type]  # passed on as it came
        if begun is None:
            return None
        steps.append("begun")
        finish = begun.finish

        def finished() -> object:
            steps.append("finished")
            return finish()

        return begun._replace(finish=finished)  # type: ignore[arg-type]  # what it returns

    monkeypatch.setattr(digest, "begin_log", noting)
    monkeypatch.setattr(digest, "_TOGETHER_BYTES", most * size - 1)
    assert digester().digests(range(6)) == expected
    assert steps[: 2 * most] == ["begun"] * most + ["finished"] * most
    assert sorted(steps) == ["begun"] * 5 + ["finished"] * 5


def test_sizes_are_asked_for_where_they_count(
    digester: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others, missing = digester().sizes()
    assert first > 0
    assert others == [first] * 4
    assert missing == 0
    monkeypatch.setattr(digest, "_MANY", 5)
    assert digester().sizes() == [0] * 6


@pytest.mark.parametrize("many", [1024, 5])
def test_every_file_is_digested_once_whether_sizes_are_known_or_not(
    digester: Work, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(digest, "_MANY", many)
    monkeypatch.setattr(sharing, "_CHUNK", 2)
    batches = list(digest_all(digester(), lambda: False))
    digests = [each for batch in batches for each in batch.digests]
    assert [each.number for each in digests] == list(range(6))
    assert [each.state is None for each in digests] == [False] * 5 + [True]
    assert len(batches) == 3
