"""Exports and other people's files in a directory of threads."""

from pathlib import Path

import pytest

from tests.support.scans import codes, drop, figures, put, scanned, total_tokens
from tests.support.threads import ID, answer, encode, thread


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "amp"


@pytest.mark.parametrize("name", ["export.json", "my thread.json", f"{ID} (1).json", "é.json"])
def test_an_export_counts_under_any_name(root: Path, name: str) -> None:
    drop(root / "threads", name, thread(answer()))
    snapshot = scanned(None, root)
    assert (total_tokens(snapshot), codes(snapshot)) == (100, [])
    assert list(figures(snapshot)["sessions"]) == [ID]


def test_an_export_of_a_thread_that_is_there_counts_once(root: Path) -> None:
    put(root, thread(answer(), answer(2)))
    drop(root / "threads", "export.json", thread(answer()))
    drop(root / "threads", "archive/export.json", thread(answer(), answer(2), answer(3)))
    assert total_tokens(scanned(None, root)) == 300


@pytest.mark.parametrize(
    "document",
    [{}, [], "text", {"id": "x", "messages": [answer()]}, {"messages": [answer()]}, {"id": 5}],
)
def test_other_peoples_json_is_not_told_unless_it_is_called_like_a_thread(
    root: Path, document: object
) -> None:
    drop(root / "threads", "settings.json", document)
    snapshot = scanned(None, root)
    assert (total_tokens(snapshot), codes(snapshot)) == (0, [])


def test_what_is_called_like_a_thread_and_is_none_is_told(root: Path) -> None:
    drop(root / "threads", "T-1.json", {})
    assert codes(scanned(None, root)) == ["not-a-thread"]


def test_an_export_that_was_cut_short_is_told(root: Path) -> None:
    path = drop(root / "threads", "export.json", encode(thread(answer()))[:-10])
    snapshot = scanned(None, root)
    assert [(item.code.value, item.path) for item in snapshot.diagnostics] == [
        ("torn-file", str(path))
    ]


@pytest.mark.parametrize(
    "name",
    [f"{ID}.json.amptmp", f".{ID}.json", f"{ID}.json.part", f"{ID}.json~", ".trash/export.json"],
)
def test_what_is_hidden_or_half_written_is_nothing(root: Path, name: str) -> None:
    drop(root / "threads", name, thread(answer()))
    snapshot = scanned(None, root)
    assert (total_tokens(snapshot), codes(snapshot)) == (0, [])
