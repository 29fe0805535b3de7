"""pystray's GTK icons (`gtk` and `appindicator`), with what they lack.

A function makes the class, since its base can only be imported where GTK and a display are.
What is put right: the menu is patched in place instead of being made anew (which closes an
open one and leaks), a left click opens it too, the tooltip is set, no session bus is needed,
and neither starting nor ending raises where nothing shows notifications.
"""

import importlib
import os
import warnings
from collections.abc import Callable
from typing import Any

from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.actions import Action
from amp_tray.surfaces.tray.backends.base import LABEL_GUIDE
from amp_tray.surfaces.tray.backends.gtk_menu import GtkMenu
from amp_tray.surfaces.tray.icon import draw_icon
from amp_tray.surfaces.tray.view import TrayView

_ICON_SIZE = 64  # for whoever does not say how large it is to be; GTK scales it


class _PutRight:
    """What goes over pystray's icon class; private names are pystray's."""

    icon: Any
    _appindicator: Any
    _mark_ready: Callable[[], None]
    _on_status_icon_popup_menu: Callable[[Any, int, int], None]
    _remove_fs_icon: Callable[[], None]
    _status_icon: Any
    _visible: bool
    _drawn: object = None

    def take(self, gtk: Any, view: TrayView, on_action: Callable[[Action], None]) -> None:
        """Take what the icon is to show and to do, before it runs."""
        self._gtk = gtk
        self._own_menu = GtkMenu(gtk, on_action)
        self.draw(view)
        if self.is_xembed:
            self._status_icon.connect("size-changed", self._on_size)

    @property
    def is_xembed(self) -> bool:
        """Whether GTK itself shows it, and not AppIndicator."""
        return hasattr(self, "_status_icon")

    def is_embedded(self) -> bool:
        """Whether a tray has it, as far as can be told."""
        return not self.is_xembed or bool(self._status_icon.is_embedded())

    def when_embedded(self, callback: Callable[[], None]) -> None:
        """Call back in GTK's thread when a tray takes the icon in, or goes."""
        if self.is_xembed:
            self._status_icon.connect("notify::embedded", lambda *_: callback())

    def draw(self, view: TrayView) -> None:
        """Show `view`; called in GTK's thread."""
        self._shown = view
        self._own_menu.show(view.menu)
        self._draw_icon()
        if self.is_xembed:
            self._status_icon.set_tooltip_text(view.tooltip)
        else:
            self._appindicator.set_label(view.label, LABEL_GUIDE)
            self._appindicator.set_title(view.tooltip)

    def _draw_icon(self) -> None:
        fresh = (self._shown.icon, self._size())
        if fresh != self._drawn:
            self._drawn = fresh
            self.icon = draw_icon(*fresh)

    def _size(self) -> int:
        told = self._status_icon.get_size() if self.is_xembed else 0
        # GTK keeps a pixel free on each side, and scales down what leaves none.
        return max(told - 2, 1) if told else _ICON_SIZE

    def _on_size(self, _status_icon: Any, _size: int) -> bool:
        self._draw_icon()
        return True  # GTK need not scale it

    def _initialize(self) -> None:
        self._mark_ready()

    def _finalize(self) -> None:
        self._visible = False
        if self.is_xembed:
            self._status_icon.set_visible(False)
        else:
            self._appindicator.set_status(0)
        # The loop that would have sent it has ended.
        self._gtk.main_iteration_do(False)
        self._remove_fs_icon()

    def _create_menu(self, _descriptors: object) -> Any:
        return self._own_menu.widget

    def _on_status_icon_activate(self, status_icon: Any) -> None:
        self._on_status_icon_popup_menu(status_icon, 0, 0)


def make_gtk_icon(module: str, view: TrayView, on_action: Callable[[Action], None]) -> Any:
    """Return an icon, not yet run: pystray's, and the public methods of `_PutRight`.

    Args:
        module: pystray's module, `gtk` or `appindicator`.
        view: what it shows first.
        on_action: called in GTK's thread with what is clicked.

    Raises:
        ImportError: PyGObject, GTK's or AppIndicator's description, or a display is missing.
        ValueError: GTK is there, but not in the version that is needed.
    """
    # Its own way to be told; else it tries what it finds, down to an icon without a menu.
    os.environ["PYSTRAY_BACKEND"] = module
    base = importlib.import_module("pystray").Icon
    gtk = importlib.import_module("gi.repository.Gtk")
    # Half of what an XEmbed icon needs is marked as old, as XEmbed is.
    warnings.filterwarnings("ignore", category=DeprecationWarning, message=r"Gtk\.")
    icon_class = type("Icon", (_PutRight, base), {})
    icon = icon_class(text.APP)
    icon.take(gtk, view, on_action)
    return icon
