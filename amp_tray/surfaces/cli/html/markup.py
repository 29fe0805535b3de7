"""Markup that is safe by construction: what is not `Markup` already is text, and is escaped.

Titles, projects and model names come from files nobody checked. They can only enter a page as
children or attribute values of `tag`, which escapes them; nothing else here makes `Markup`.
"""

import html
from collections.abc import Iterable, Mapping
from typing import Final

_VOID: Final = frozenset({"br", "input"})


class Markup(str):
    """Text that may stand in a page as it is."""

    __slots__ = ()


Attributes = Mapping[str, str | int | bool | None]
"""By name; True is an attribute without a value, False and None are none at all."""


def tag(name: str, attributes: Attributes | None = None, *children: str) -> Markup:
    """Return an element; children that are no `Markup` are escaped, and so is every value."""
    given = "".join(_attribute(key, value) for key, value in (attributes or {}).items())
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{joined(children)}</{name}>")


def joined(parts: Iterable[str]) -> Markup:
    """Return the parts one after the other, escaped where they are no `Markup`."""
    return Markup(
        "".join(part if isinstance(part, Markup) else html.escape(part) for part in parts)
    )


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    return f' {name}="{html.escape(str(value))}"'
