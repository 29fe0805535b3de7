"""What is done to GTK's widgets when one menu follows another, with widgets that write it down."""

import contextlib
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.backends.gtk_menu import GtkMenu
from amp_tray.surfaces.tray.menu import Entry, MenuModel, Row, Separator

PAUSE = Action(ActionKind.PAUSE)


class Item:
    """A menu item; `changes` counts what was set."""

    def __init__(self, label: str = "") -> None:
        self.label, self.sensitive = label, True
        self.submenu: Any = None
        self.changes = 0
        self._handlers: dict[int, Callable[[Any], None]] = {}
        self._blocked = False

    @classmethod
    def new_with_label(cls, label: str) -> "Item":
        return cls(label)

    def set_label(self, label: str) -> None:
        self.label = label
        self.changes += 1

    def set_sensitive(self, on: bool) -> None:
        self.sensitive = on

    def set_submenu(self, menu: Any) -> None:
        self.submenu = menu
        self.changes += 1

    def show(self) -> None:
        pass

    def connect(self, signal: str, handler: Callable[[Any], None]) -> int:
        assert signal == "activate"
        self._handlers[len(self._handlers) + 1] = handler
        return len(self._handlers)

    @contextlib.contextmanager
    def handler_block(self, number: int) -> Iterator[None]:
        assert number in self._handlers
        self._blocked = True
        yield
        self._blocked = False

    def activate(self) -> None:
        if not self._blocked:
            for handler in self._handlers.values():
                handler(self)


class CheckItem(Item):
    active = False
    radio = False

    def set_draw_as_radio(self, on: bool) -> None:
        self.radio = on

    def set_active(self, on: bool) -> None:
        if on != self.active:  # as GTK has it, setting it is activating it
            self.active = on
            Item.activate(self)

    def activate(self) -> None:
        self.active = not self.active  # a click turns it over before anybody is told
        super().activate()


class SeparatorItem(Item):
    pass


class Menu:
    def __init__(self) -> None:
        self.items: list[Item] = []
        self.shape_changes = 0
        self.closed: list[Callable[[Any], None]] = []

    def connect(self, signal: str, handler: Callable[[Any], None]) -> None:
        assert signal == "deactivate"
        self.closed.append(handler)

    def insert(self, item: Item, place: int) -> None:
        self.items.insert(place, item)
        self.shape_changes += 1

    def remove(self, item: Item) -> None:
        self.items.remove(item)
        self.shape_changes += 1

    def reorder_child(self, item: Item, place: int) -> None:
        self.items.remove(item)
        self.items.insert(place, item)
        self.shape_changes += 1

    def get_children(self) -> list[Item]:
        return self.items


GTK = SimpleNamespace(
    Menu=Menu, MenuItem=Item, CheckMenuItem=CheckItem, SeparatorMenuItem=SeparatorItem
)


def made(*entries: Entry, clicked: list[Action] | None = None) -> tuple[GtkMenu, Menu]:
    menu = GtkMenu(GTK, ([] if clicked is None else clicked).append)
    menu.show(MenuModel(entries))
    return menu, menu.widget


def read(menu: Menu) -> list[object]:
    """Return what a person would see."""
    return [
        "-"
        if isinstance(item, SeparatorItem)
        else (item.label, item.sensitive, read(item.submenu) if item.submenu else None)
        for item in menu.items
    ]


def expected(entries: tuple[Entry, ...]) -> list[object]:
    return [
        "-"
        if isinstance(entry, Separator)
        else (entry.label, entry.enabled, expected(entry.children) if entry.children else None)
        for entry in entries
    ]


def test_labels_change_in_the_same_widgets() -> None:
    menu, widget = made(Row("a", "A"), Row("s", "S", children=(Row("b", "B"),)))
    before, changes = list(widget.items), widget.shape_changes
    submenu = before[1].submenu
    assert submenu is not None
    menu.show(MenuModel((Row("a", "A2"), Row("s", "S", children=(Row("b", "B2"),)))))
    assert widget.items == before
    assert widget.shape_changes == changes
    assert before[1].submenu is submenu
    assert read(widget) == [("A2", True, None), ("S", True, [("B2", True, None)])]


def test_the_same_menu_touches_nothing() -> None:
    row = Row("a", "A")
    menu, widget = made(row)
    changes = widget.items[0].changes
    menu.show(MenuModel((row,)))
    assert widget.items[0].changes == changes


def test_a_click_is_passed_on_and_turns_no_check_over_by_itself() -> None:
    clicked: list[Action] = []
    row = Row("p", "Pause", PAUSE, checked=False)
    menu, widget = made(row, Row("i", "only tells"), clicked=clicked)
    for item in widget.items:
        item.activate()
    assert clicked == [PAUSE]
    assert checks(widget) == [False]  # the service has not said so yet
    menu.show(MenuModel((Row("p", "Pause", PAUSE, checked=True),)))
    assert checks(widget) == [True]
    assert clicked == [PAUSE]


def checks(menu: Menu) -> list[bool]:
    return [item.active for item in menu.items if isinstance(item, CheckItem)]


def test_one_of_several_looks_so() -> None:
    _, widget = made(Row("r", "R", checked=True, radio=True), Row("c", "C", checked=True))
    assert [(item.radio, item.active) for item in widget.items if isinstance(item, CheckItem)] == [
        (True, True),
        (False, True),
    ]


def test_that_the_menu_was_closed_is_passed_on() -> None:
    clicked: list[Action] = []
    _, widget = made(clicked=clicked)
    widget.closed[0](widget)
    assert clicked == [Action(ActionKind.MENU_CLOSED)]


LEAVES = st.builds(
    Row,
    st.sampled_from("abcde"),
    st.sampled_from("xy"),
    checked=st.sampled_from([None, True, False]),
    enabled=st.booleans(),
    radio=st.booleans(),
)
ENTRIES = st.recursive(
    LEAVES | st.builds(Separator, st.sampled_from("abcde")),
    lambda below: st.builds(
        Row,
        st.sampled_from("abcde"),
        st.sampled_from("xy"),
        children=st.lists(below, max_size=4, unique_by=lambda entry: entry.id).map(tuple),
    ),
    max_leaves=8,
)
MENUS = st.lists(ENTRIES, max_size=5, unique_by=lambda entry: entry.id).map(tuple)


@given(st.lists(MENUS, max_size=5))
def test_whatever_follows_whatever_is_shown(menus: list[tuple[Entry, ...]]) -> None:
    menu, widget = made()
    for entries in menus:
        menu.show(MenuModel(entries))
        assert read(widget) == expected(entries)
