"""`org.kde.StatusNotifierItem`: the icon, label and tooltip as tray hosts read them.

In: a `TrayView`. Out: D-Bus properties, and signals for those that changed. Finding a host
belongs to `status_notifier`, the menu to `dbusmenu`.

Source: StatusNotifierItem specification; XAyatanaLabel and its signal from Ayatana's
indicator hosts, which show a text beside the icon.
"""

import html
from typing import Annotated, Any

from dbus_fast import PropertyAccess
from dbus_fast.annotations import DBusBool, DBusInt32, DBusObjectPath, DBusSignature, DBusStr
from dbus_fast.annotations import DBusUInt32 as UInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.backends import dbusmenu
from amp_tray.surfaces.tray.backends.base import LABEL_GUIDE, ActionHandler
from amp_tray.surfaces.tray.icon import SIZES, argb_pixels
from amp_tray.surfaces.tray.icon_look import IconLook
from amp_tray.surfaces.tray.view import TrayView

INTERFACE = "org.kde.StatusNotifierItem"
PATH = "/StatusNotifierItem"

_READ = PropertyAccess.READ

Pixmaps = Annotated[list[list[Any]], DBusSignature("a(iiay)")]
ToolTip = Annotated[list[Any], DBusSignature("(sa(iiay)ss)")]
NewLabel = Annotated[tuple[str, str], DBusSignature("ss")]


class ItemInterface(ServiceInterface):
    """The icon on one bus connection."""

    def __init__(self, view: TrayView, on_action: ActionHandler) -> None:
        super().__init__(INTERFACE)
        self._view = view
        self._on_action = on_action

    def show(self, view: TrayView) -> None:
        """Take over `view` and tell hosts what looks different."""
        before, self._view = self._view, view
        if view.icon != before.icon:
            self._new_icon()
        if view.tooltip != before.tooltip:
            self._new_tool_tip()
        if view.label != before.label:
            self._new_label(view.label, LABEL_GUIDE)

    @dbus_method(name="Activate")
    def _activate(self, _x: DBusInt32, _y: DBusInt32) -> None:
        self._on_action(Action(ActionKind.REFRESH))

    @dbus_method(name="SecondaryActivate")
    def _secondary_activate(self, _x: DBusInt32, _y: DBusInt32) -> None:
        self._on_action(Action(ActionKind.REFRESH))

    @dbus_method(name="ContextMenu")
    def _context_menu(self, _x: DBusInt32, _y: DBusInt32) -> None:
        """Do nothing: hosts that ask for this show the exported menu themselves."""

    @dbus_method(name="Scroll")
    def _scroll(self, _delta: DBusInt32, _orientation: DBusStr) -> None:
        """Do nothing: there is nothing to scroll through."""

    @dbus_property(access=_READ, name="Category")
    def _category(self) -> DBusStr:
        return "ApplicationStatus"

    @dbus_property(access=_READ, name="Id")
    def _id(self) -> DBusStr:
        return text.APP

    @dbus_property(access=_READ, name="Title")
    def _title(self) -> DBusStr:
        return text.APP

    @dbus_property(access=_READ, name="Status")
    def _status(self) -> DBusStr:
        return "Active"

    @dbus_property(access=_READ, name="WindowId")
    def _window_id(self) -> DBusInt32:
        return 0

    @dbus_property(access=_READ, name="IconThemePath")
    def _icon_theme_path(self) -> DBusStr:
        return ""

    @dbus_property(access=_READ, name="IconName")
    def _icon_name(self) -> DBusStr:
        return ""

    @dbus_property(access=_READ, name="IconPixmap")
    def _icon_pixmap(self) -> Pixmaps:
        return _pixmaps(self._view.icon)

    @dbus_property(access=_READ, name="OverlayIconName")
    def _overlay_icon_name(self) -> DBusStr:
        return ""

    @dbus_property(access=_READ, name="OverlayIconPixmap")
    def _overlay_icon_pixmap(self) -> Pixmaps:
        return []

    @dbus_property(access=_READ, name="AttentionIconName")
    def _attention_icon_name(self) -> DBusStr:
        return ""

    @dbus_property(access=_READ, name="AttentionIconPixmap")
    def _attention_icon_pixmap(self) -> Pixmaps:
        return []

    @dbus_property(access=_READ, name="AttentionMovieName")
    def _attention_movie_name(self) -> DBusStr:
        return ""

    @dbus_property(access=_READ, name="ToolTip")
    def _tool_tip(self) -> ToolTip:
        # Hosts render the last member as markup, and "<$0.01" is a figure here.
        return ["", [], text.APP, html.escape(self._view.tooltip, quote=False)]

    @dbus_property(access=_READ, name="ItemIsMenu")
    def _item_is_menu(self) -> DBusBool:
        return True

    @dbus_property(access=_READ, name="Menu")
    def _menu(self) -> DBusObjectPath:
        return dbusmenu.PATH

    @dbus_property(access=_READ, name="XAyatanaLabel")
    def _label(self) -> DBusStr:
        return self._view.label

    @dbus_property(access=_READ, name="XAyatanaLabelGuide")
    def _label_guide(self) -> DBusStr:
        return LABEL_GUIDE

    @dbus_property(access=_READ, name="XAyatanaOrderingIndex")
    def _ordering_index(self) -> UInt32:
        return 0

    @dbus_signal(name="NewIcon")
    def _new_icon(self) -> None:
        """Tell hosts to read the icon again."""

    @dbus_signal(name="NewToolTip")
    def _new_tool_tip(self) -> None:
        """Tell hosts to read the tooltip again."""

    @dbus_signal(name="NewTitle")
    def _new_title(self) -> None:
        """Tell hosts to read the title again."""

    @dbus_signal(name="NewStatus")
    def _new_status(self, status: str) -> DBusStr:
        return status

    @dbus_signal(name="XAyatanaNewLabel")
    def _new_label(self, label: str, guide: str) -> NewLabel:
        return label, guide


def _pixmaps(look: IconLook) -> list[list[Any]]:
    return [[size, size, argb_pixels(look, size)] for size in SIZES]
