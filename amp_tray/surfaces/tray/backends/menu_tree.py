"""The menu as dbusmenu numbers it, and what changed from one menu to the next.

In: one `MenuModel` after another. Out: nodes with integer ids and plain property values,
and a `Change`. Pure: no bus, no variants. A row keeps its number for as long as it exists
and is of the same kind (some hosts cannot make a submenu of a plain row), and a number is
never given twice, so that a late click cannot hit another row.

Source: com.canonical.dbusmenu interface description: property names, their defaults (a
property at its default is left out) and the doubled underscore.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from amp_tray.surfaces.tray.actions import Action
from amp_tray.surfaces.tray.menu import Entry, MenuModel, Row, Separator

ROOT = 0
"""Number of the invisible node that holds the menu."""

Value = str | bool | int

_Key = tuple[str, str]  # a row's id and its kind


@dataclass(frozen=True, slots=True)
class Node:
    """A menu item.

    Attributes:
        number: its id on the bus.
        properties: those that differ from dbusmenu's defaults.
        action: what a click does, or None.
        children: the submenu, in order.
    """

    number: int
    properties: dict[str, Value]
    action: Action | None = None
    children: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a host has to be told.

    Attributes:
        parents: nodes below which rows came, went or moved, each before those below it: their
            layout has to be read again.
        updated: new values of changed properties, by number.
        removed: names of properties that are back at their default, by number.
    """

    parents: tuple[int, ...] = ()
    updated: dict[int, dict[str, Value]] = field(default_factory=dict)
    removed: dict[int, list[str]] = field(default_factory=dict)


class MenuTree:
    """The menu now shown, with its numbers and its revision.

    Attributes:
        root: the node that holds the menu.
        revision: rises when the shape changes.
    """

    def __init__(self) -> None:
        self.root = Node(ROOT, {"children-display": "submenu"})
        self.revision = 1
        self._numbers: dict[_Key, int] = {}
        self._nodes = {ROOT: self.root}
        self._last_number = ROOT

    def update(self, model: MenuModel) -> Change:
        """Take over `model` and return what changed."""
        before = self._nodes
        alive: dict[_Key, int] = {}
        children = self._build(model.entries, alive)
        self._numbers = alive
        self.root = Node(ROOT, self.root.properties, children=children)
        self._nodes = {node.number: node for node in _walk(self.root)}
        change = compare(before, self._nodes)
        if change.parents:
            self.revision += 1
        return change

    def get(self, number: int) -> Node | None:
        """Return the node with a number, or None when it is gone."""
        return self._nodes.get(number)

    def all(self) -> list[Node]:
        """Return every node, the root first, each before its children."""
        return list(_walk(self.root))

    def _build(self, entries: Sequence[Entry], alive: dict[_Key, int]) -> tuple[Node, ...]:
        nodes = []
        for entry in entries:
            key = (entry.id, _kind(entry))
            number = alive[key] = self._number(key)
            match entry:
                case Separator():
                    nodes.append(Node(number, {"type": "separator"}))
                case Row():
                    children = self._build(entry.children, alive)
                    nodes.append(Node(number, _properties(entry), entry.action, children))
                case _:
                    assert_never(entry)
        return tuple(nodes)

    def _number(self, key: _Key) -> int:
        if key not in self._numbers:
            self._last_number += 1
            return self._last_number
        return self._numbers[key]


def compare(before: dict[int, Node], after: dict[int, Node]) -> Change:
    """Return what has to be told to a host that knows `before`, by number."""
    change = Change(
        tuple(
            number
            for number, node in after.items()
            if number in before and _order(before[number]) != _order(node)
        )
    )
    for number, node in after.items():
        old = before.get(number)
        if old is None:
            continue
        fresh = {
            name: value
            for name, value in node.properties.items()
            if name not in old.properties or old.properties[name] != value
        }
        gone = [name for name in old.properties if name not in node.properties]
        if fresh:
            change.updated[number] = fresh
        if gone:
            change.removed[number] = gone
    return change


def _order(node: Node) -> list[int]:
    return [child.number for child in node.children]


def _kind(entry: Entry) -> str:
    if isinstance(entry, Separator):
        return "separator"
    if entry.children:
        return "submenu"
    return "plain" if entry.checked is None else _toggle(entry)


def _toggle(row: Row) -> str:
    return "radio" if row.radio else "checkmark"


def _properties(row: Row) -> dict[str, Value]:
    properties: dict[str, Value] = {"label": row.label.replace("_", "__")}
    if not row.enabled:
        properties["enabled"] = False
    if row.checked is not None:
        properties["toggle-type"] = _toggle(row)
        properties["toggle-state"] = int(row.checked)
    if row.children:
        properties["children-display"] = "submenu"
    return properties


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)
