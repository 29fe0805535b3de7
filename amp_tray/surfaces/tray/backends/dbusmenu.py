"""`com.canonical.dbusmenu`: a `MenuTree` as tray hosts read it over D-Bus.

In: menu models. Out: answers to hosts, the signals that keep them up to date, and an action
for every click. What changed is decided in `menu_tree`.

Source: com.canonical.dbusmenu interface description (version 3).
"""

from collections.abc import Collection, Iterator
from typing import Annotated, Any

from dbus_fast import PropertyAccess, Variant
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.annotations import DBusVariant as AnyVariant
from dbus_fast.errors import DBusError
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.backends.base import ActionHandler
from amp_tray.surfaces.tray.backends.menu_tree import MenuTree, Node, Value
from amp_tray.surfaces.tray.menu import MenuModel

INTERFACE = "com.canonical.dbusmenu"
PATH = "/MenuBar"

_SIGNATURES = {str: "s", bool: "b", int: "i"}

Ids = Annotated[list[int], DBusSignature("ai")]
Names = Annotated[list[str], DBusSignature("as")]
Layout = Annotated[tuple[int, list[Any]], DBusSignature("u(ia{sv}av)")]
ItemProperties = Annotated[list[list[Any]], DBusSignature("a(ia{sv})")]
Events = Annotated[list[list[Any]], DBusSignature("a(isvu)")]
NeedUpdate = Annotated[tuple[list[int], list[int]], DBusSignature("aiai")]
Updates = Annotated[tuple[list[Any], list[Any]], DBusSignature("a(ia{sv})a(ias)")]
NewLayout = Annotated[tuple[int, int], DBusSignature("ui")]
Activation = Annotated[tuple[int, int], DBusSignature("iu")]


class MenuInterface(ServiceInterface):
    """The menu on one bus connection."""

    def __init__(self, tree: MenuTree, on_action: ActionHandler) -> None:
        super().__init__(INTERFACE)
        self._tree = tree
        self._on_action = on_action

    def show(self, model: MenuModel) -> None:
        """Take over `model`: patch what hosts hold, or have them read a new layout."""
        change = self._tree.update(model)
        if change.updated or change.removed:
            self._items_properties_updated(
                [[number, _variants(props)] for number, props in change.updated.items()],
                [[number, names] for number, names in change.removed.items()],
            )
        # Each changed submenu by itself: a host that makes it anew leaves the others open.
        for parent in change.parents:
            self._layout_updated(self._tree.revision, parent)

    @dbus_method(name="GetLayout")
    def _get_layout(self, parent: DBusInt32, depth: DBusInt32, names: Names) -> Layout:
        node = self._node(parent)
        return self._tree.revision, _layout(node, depth, frozenset(names))

    @dbus_method(name="GetGroupProperties")
    def _get_group_properties(self, ids: Ids, names: Names) -> ItemProperties:
        wanted = frozenset(names)
        # No ids at all means every item; ids that are gone are left out.
        nodes = [self._tree.get(number) for number in ids] if ids else self._tree.all()
        return [
            [node.number, _variants(node.properties, wanted)] for node in nodes if node is not None
        ]

    @dbus_method(name="GetProperty")
    def _get_property(self, number: DBusInt32, name: DBusStr) -> AnyVariant:
        properties = self._node(number).properties
        if name not in properties:
            raise _invalid(f"item {number} has no property of that name")
        return _variant(properties[name])

    @dbus_method(name="Event")
    def _event(
        self, number: DBusInt32, kind: DBusStr, _data: AnyVariant, _time: DBusUInt32
    ) -> None:
        self._handle(self._node(number), kind)

    @dbus_method(name="EventGroup")
    def _event_group(self, events: Events) -> Ids:
        gone = self._gone([number for number, _, _, _ in events])
        for number, kind, _, _ in events:
            if number not in gone:
                self._handle(self._node(number), kind)
        return gone

    @dbus_method(name="AboutToShow")
    def _about_to_show(self, number: DBusInt32) -> DBusBool:
        self._node(number)
        return False

    @dbus_method(name="AboutToShowGroup")
    def _about_to_show_group(self, ids: Ids) -> NeedUpdate:
        return [], self._gone(ids)

    @dbus_property(access=PropertyAccess.READ, name="Version")
    def _version(self) -> DBusUInt32:
        return 3

    @dbus_property(access=PropertyAccess.READ, name="TextDirection")
    def _text_direction(self) -> DBusStr:
        return "ltr"

    @dbus_property(access=PropertyAccess.READ, name="Status")
    def _status(self) -> DBusStr:
        return "normal"

    @dbus_property(access=PropertyAccess.READ, name="IconThemePath")
    def _icon_theme_path(self) -> Names:
        return []

    @dbus_signal(name="ItemsPropertiesUpdated")
    def _items_properties_updated(self, updated: list[Any], removed: list[Any]) -> Updates:
        return updated, removed

    @dbus_signal(name="LayoutUpdated")
    def _layout_updated(self, revision: int, parent: int) -> NewLayout:
        return revision, parent

    @dbus_signal(name="ItemActivationRequested")
    def _item_activation_requested(self, number: int, time: int) -> Activation:
        return number, time

    def _handle(self, node: Node, kind: str) -> None:
        if kind == "closed" and node is self._tree.root:
            self._on_action(Action(ActionKind.MENU_CLOSED))
        enabled = node.properties.get("enabled", True)
        if kind == "clicked" and node.action is not None and enabled:
            self._on_action(node.action)

    def _gone(self, numbers: list[int]) -> list[int]:
        """Return the numbers that no item has; that all are gone is an error to hosts."""
        gone = [number for number in numbers if self._tree.get(number) is None]
        if numbers and len(gone) == len(numbers):
            raise _invalid("none of these items is there")
        return gone

    def _node(self, number: int) -> Node:
        node = self._tree.get(number)
        if node is None:
            raise _invalid(f"there is no item {number}")
        return node


def _layout(node: Node, depth: int, names: Collection[str]) -> list[Any]:
    """Return `(ia{sv}av)`; `depth` is 0 for the node alone, negative for everything below."""
    children = node.children if depth else ()
    return [
        node.number,
        _variants(node.properties, names),
        [Variant("(ia{sv}av)", _layout(child, depth - 1, names)) for child in children],
    ]


def _variants(properties: dict[str, Value], names: Collection[str] = ()) -> dict[str, Variant]:
    return dict(_chosen(properties, names))


def _chosen(properties: dict[str, Value], names: Collection[str]) -> Iterator[tuple[str, Variant]]:
    for name, value in properties.items():
        if not names or name in names:
            yield name, _variant(value)


def _variant(value: Value) -> Variant:
    return Variant(_SIGNATURES[type(value)], value)


def _invalid(message: str) -> DBusError:
    return DBusError("org.freedesktop.DBus.Error.InvalidArgs", message)
