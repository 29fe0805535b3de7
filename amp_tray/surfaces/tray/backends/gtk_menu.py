"""A GTK menu that follows a `MenuModel` in place, also while it is open.

In: menu models, one after another. Out: one `Gtk.Menu` for the icon's whole life, in which
only what differs is touched. GTK's own ways show a label as it is: neither mnemonics nor
markup are looked for. Every call happens in GTK's thread.
"""

from collections.abc import Callable, Sequence
from typing import Any

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.menu import Entry, MenuModel, Row, Separator


class GtkMenu:
    """The menu of one icon.

    Attributes:
        widget: the `Gtk.Menu`.
    """

    def __init__(self, gtk: Any, on_action: Callable[[Action], None]) -> None:
        """Take `gtk`, the module `gi.repository.Gtk`, which only a running backend can have."""
        self._level = _Level(gtk, on_action)
        self.widget = self._level.widget
        self.widget.connect("deactivate", lambda _: on_action(Action(ActionKind.MENU_CLOSED)))

    def show(self, model: MenuModel) -> None:
        """Make the menu say what `model` says."""
        self._level.show(model.entries)


class _Level:
    """One menu or submenu: its lines by the ids of their rows."""

    def __init__(self, gtk: Any, on_action: Callable[[Action], None]) -> None:
        self.widget = gtk.Menu()
        self._gtk = gtk
        self._on_action = on_action
        self._lines: dict[str, _Line] = {}

    def show(self, entries: Sequence[Entry]) -> None:
        wanted = {entry.id: entry for entry in entries}
        for row_id, line in list(self._lines.items()):
            if row_id not in wanted or not line.can_show(wanted[row_id]):
                self.widget.remove(self._lines.pop(row_id).widget)
        for place, entry in enumerate(entries):
            known = self._lines.get(entry.id)
            if known is None:
                known = self._lines[entry.id] = _Line(self._gtk, entry, self._on_action)
                self.widget.insert(known.widget, place)
            elif self.widget.get_children()[place] is not known.widget:
                self.widget.reorder_child(known.widget, place)
            known.show(entry)


class _Line:
    """One item with its submenu."""

    def __init__(self, gtk: Any, entry: Entry, on_action: Callable[[Action], None]) -> None:
        self._gtk = gtk
        self._on_action = on_action
        self._kind = _kind(entry)
        self._entry: Entry | None = None
        self._below: _Level | None = None
        self._handler = 0
        match self._kind:
            case "separator":
                self.widget = gtk.SeparatorMenuItem()
            case "check" | "radio":
                self.widget = gtk.CheckMenuItem.new_with_label("")
                self.widget.set_draw_as_radio(self._kind == "radio")
                self._handler = self.widget.connect("activate", self._clicked)
            case _:
                self.widget = gtk.MenuItem.new_with_label("")
                self._handler = self.widget.connect("activate", self._clicked)
        self.widget.show()

    def can_show(self, entry: Entry) -> bool:
        return _kind(entry) == self._kind

    def show(self, entry: Entry) -> None:
        before, self._entry = self._entry, entry
        if entry == before or not isinstance(entry, Row):
            return
        if not isinstance(before, Row) or entry.label != before.label:
            self.widget.set_label(entry.label)
        self.widget.set_sensitive(entry.enabled)
        self._set_check(entry)
        if entry.children:
            if self._below is None:
                self._below = _Level(self._gtk, self._on_action)
                self.widget.set_submenu(self._below.widget)
            self._below.show(entry.children)

    def _set_check(self, row: Row) -> None:
        if row.checked is None:
            return
        # Setting a check is told like a click on it.
        with self.widget.handler_block(self._handler):
            self.widget.set_active(row.checked)

    def _clicked(self, _widget: Any) -> None:
        row = self._entry
        if not isinstance(row, Row) or row.children:
            return
        # GTK has turned the check over; whether it is to be so the next model says.
        self._set_check(row)
        if row.action is not None:
            self._on_action(row.action)


def _kind(entry: Entry) -> str:
    if isinstance(entry, Separator):
        return "separator"
    if entry.children:
        return "submenu"
    if entry.checked is None:
        return "plain"
    return "radio" if entry.radio else "check"
