"""Another program of an X11 display: one that pastes."""

import importlib
import select
from typing import Any


class Reader:
    """A program that pastes."""

    def __init__(self, name: str) -> None:
        self._display: Any = importlib.import_module("Xlib.display").Display(name)
        self._window = self._display.screen().root.create_window(0, 0, 1, 1, 0, 0)
        self._place = self._display.intern_atom("PASTED")

    def close(self) -> None:
        self._display.close()

    def paste(self, target: str = "UTF8_STRING") -> Any:
        """Return what the clipboard's owner gives for a target, None where it refuses."""
        clipboard, kind = map(self._display.intern_atom, ("CLIPBOARD", target))
        self._window.convert_selection(clipboard, kind, self._place, 0)
        self._display.flush()
        self._wait()
        if not self._display.next_event().property:
            return None
        return self._window.get_full_property(self._place, 0).value

    def copied(self) -> Any:
        """Wait until somebody owns the clipboard, and return its text."""
        fixes = self._display.xfixes_query_version()
        assert fixes.major_version >= 1
        clipboard = self._display.intern_atom("CLIPBOARD")
        self._display.xfixes_select_selection_input(self._window, clipboard, 1)
        if not self._display.get_selection_owner(clipboard):
            self._wait()
            self._display.next_event()
        return self.paste()

    def targets(self) -> set[str]:
        return {self._display.get_atom_name(atom) for atom in self.paste("TARGETS")}

    def _wait(self) -> None:
        while not self._display.pending_events():
            assert select.select([self._display.fileno()], [], [], 10)[0], "no answer"
