"""Hostile text made harmless: titles, paths and model names come from files nobody checked.

Every surface passes user text through `clean` before it shows it. Escaping for one
platform's markup is the surface's own business, done after this.
"""

import re
import unicodedata

ELLIPSIS = "…"

# Escape sequences are removed whole, so that no harmless-looking rest such as "[31m" stays:
# OSC/DCS/SOS/PM/APC strings up to their terminator, CSI sequences, then two-byte escapes.
_ESCAPES = (  # compiled when the first text needs it
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|\x1b[ -/]*[0-~]?"
)
# Cc controls, Cf format characters (bidi overrides, zero width), Cs lone surrogates,
# Co private use, Zl and Zp line separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_ZERO_WIDTH_JOINER = "\u200d"  # Cf, but family emoji and several scripts are spelled with it


def clean(text: str, limit: int = 200) -> str:
    """Return `text` as one harmless line of at most `limit` characters.

    Escape sequences, control characters, bidirectional overrides and lone surrogates go,
    white space is folded to single blanks, and what is too long ends in an ellipsis.
    """
    if text.isascii() and text.isprintable():
        return _shorten(" ".join(text.split()), limit)
    # Titles can be megabytes: only the head can be shown, so only the head is looked at.
    head = re.sub(_ESCAPES, "", text[: limit * 8])
    kept = (
        char if char == _ZERO_WIDTH_JOINER else " " if char.isspace() else _visible(char)
        for char in head
    )
    return _shorten(" ".join("".join(kept).split()), limit)


def _visible(char: str) -> str:
    return "" if unicodedata.category(char) in _HIDDEN else char


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS
