r"""Command lines as desktop entries and systemd units spell them, both ways.

Source: Desktop Entry Specification, "The Exec key" and "Possible value types" (what is quoted is
escaped once as an argument and once more as a string); systemd.service(5), "Command lines", and
systemd.syntax(7), "Quoting".
"""

import re
from collections.abc import Iterator, Sequence

_ENV = "/usr/bin/env"
_PREFIXES = "@-:+!"
_PLAIN = re.compile(r"[\w@+=:,./-]+", re.ASCII)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)')
_ESCAPED = re.compile(r"\\(.)")


def desktop_exec(words: Sequence[str]) -> str:
    r"""Return the value of `Exec` that runs these words.

    Words with blanks or other characters that mean something are put in quotes, in which
    `"`, `` ` ``, `$` and `\` are escaped; `%` begins a field code and is doubled, which GLib
    does not see in the name of a program.
    """
    if "%" in words[0]:
        words = (_ENV, *words)
    return desktop_string(" ".join(_quoted(word, r'(["`$\\])') for word in words))


def desktop_string(text: str) -> str:
    """Return a text as the value of any key."""
    return text.replace("\\", "\\\\")


def desktop_words(value: str) -> tuple[str, ...]:
    """Return the words that a value of `Exec` runs, without field codes such as `%U`."""
    line = _ESCAPED.sub(lambda found: {"s": " "}.get(found[1], found[1]), value)
    words = (re.sub(r"%(.)", lambda code: "%" * (code[1] == "%"), word) for word in _words(line))
    return _without_env([word for word in words if word])


def unit_exec(words: Sequence[str]) -> str:
    r"""Return the value of `ExecStart` that runs these words.

    A `:` before the first keeps systemd from putting variables in place of `$`. Quotes and
    backslashes it takes in arguments, but not in the name of a program.
    """
    if set(words[0]) & set("\"'\\"):
        words = (_ENV, *words)
    line = " ".join(_quoted(word, r'(["\\])') for word in words)
    if "$" not in line:
        return line
    return f'":{line[1:]}' if line.startswith('"') else f":{line}"


def unit_words(value: str) -> tuple[str, ...]:
    """Return the words that a value of `ExecStart` runs."""
    # Prefixes stand before a quote, or within it.
    words = [word.replace("%%", "%") for word in _words(value.strip().lstrip(_PREFIXES))]
    return _without_env([words[0].lstrip(_PREFIXES), *words[1:]] if words else [])


def _quoted(word: str, special: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    return '"' + re.sub(special, r"\\\1", word).replace("%", "%%") + '"'


def _without_env(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(words[1:] if words[:1] == [_ENV] else words)


def _words(line: str) -> Iterator[str]:
    for found in _WORD.finditer(line):
        yield _ESCAPED.sub(r"\1", found[1] if found[1] is not None else found[2])
