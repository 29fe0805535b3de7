"""Hostile text made harmless."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.text import clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Fix the bug", "Fix the bug", id="plain"),
        pytest.param("", "", id="empty"),
        pytest.param("  a \t b\n\nc  ", "a b c", id="white space is folded"),
        pytest.param("\x1b[31mred\x1b[0m", "red", id="CSI"),
        pytest.param("\x9b31mred", "red", id="CSI of one byte"),
        pytest.param("a\x1b[2Jb", "ab", id="clear screen"),
        pytest.param("\x1b]0;title\x07text", "text", id="OSC until BEL"),
        pytest.param("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\!", "link!", id="OSC 8 link"),
        pytest.param("\x1b]52;c;ZXZpbA==", "", id="OSC without an end"),
        pytest.param("\x1bPq#0\x1b\\after", "after", id="DCS"),
        pytest.param("\x1b(Btext", "text", id="character set"),
        pytest.param("end\x1b", "end", id="escape alone"),
        pytest.param("a\x00b\x08c\x7f", "abc", id="controls"),
        pytest.param("a\rb", "a b", id="carriage return is a blank"),
        pytest.param("abc\u202edcba\u202c", "abcdcba", id="bidi override"),
        pytest.param("\u2066x\u2069\u200f", "x", id="bidi isolate and mark"),
        pytest.param("a\u200bb\ufeffc\u2060d", "abcd", id="zero width"),
        pytest.param("a\u2028b\u2029c", "a b c", id="line separators"),
        pytest.param(
            "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", id="family emoji keep their joiners"
        ),
        pytest.param("❤\ufe0f", "❤\ufe0f", id="variation selector"),
        pytest.param("a\ud800b\udfff", "ab", id="lone surrogates"),
        pytest.param("a\ue000b", "ab", id="private use"),
        pytest.param("Grüße 你好", "Grüße 你好", id="any script"),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    assert clean("x" * 11, 10) == "x" * 9 + "…"
    assert clean("ü" * 11, 10) == "ü" * 9 + "…"
    assert clean("ü" * 10, 10) == "ü" * 10


@pytest.mark.parametrize("piece", ["a", "ü", "\x1b[31m", "\x1b]", "\u202e", " ", "\x1b"])
def test_a_megabyte_of_title_is_cleaned_at_once(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    begin = time.process_time()
    assert len(clean(text)) <= 200
    assert time.process_time() - begin < 0.5


@given(
    st.text(st.characters(), max_size=60)
    | st.text("\x1b[]0;m\x07\\a\x9b\u200d \ud800", max_size=40)
)
def test_nothing_harmful_is_left_and_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = clean(text, 20)
    assert len(cleaned) <= 20
    assert {unicodedata.category(char) for char in cleaned} & {
        "Cc",
        "Cs",
        "Co",
        "Zl",
        "Zp",
    } == set()
    assert "\x1b" not in cleaned
    cleaned.encode()
    assert clean(cleaned, 20) == cleaned
