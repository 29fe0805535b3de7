"""What is to happen once ever."""

import logging
from pathlib import Path

import pytest

from amp_tray.host.once import Once


def test_what_happened_is_known_in_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "data" / "notices.json"
    once = Once(path)
    assert not once.has_happened("a")
    assert not path.exists()
    once.note("a")
    once.note("b")
    assert once.has_happened("a")
    assert Once(path).has_happened("a")
    assert Once(path).has_happened("b")
    assert not Once(path).has_happened("c")


@pytest.mark.parametrize(
    "text", ["", "{", '{"a": 1}', '"a"', "[[1], 2, null]", "\ufeff[]", "[" * 9999]
)
def test_a_file_that_says_nothing_counts_as_none_and_is_replaced(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notices.json"
    path.write_text(text, "utf-8")
    once = Once(path)
    assert not once.has_happened("a")
    once.note("a")
    assert Once(path).has_happened("a")


def test_where_it_cannot_be_written_it_is_known_while_the_process_lives(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    once = Once(tmp_path / "file" / "notices.json")
    with caplog.at_level(logging.WARNING):
        once.note("a")
    assert once.has_happened("a")
    assert "cannot be written" in caplog.text
