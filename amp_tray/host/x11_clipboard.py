"""The clipboard of an X11 display, owned by this process: where no program is there to do it.

X11 has no place for what is copied: its owner hands it out for as long as it lives, or until
another program copies something. A thread does that.

Source: Inter-Client Communication Conventions Manual, section 2.
"""

import importlib
import threading
from typing import Any

_TEXT_TARGETS = ("UTF8_STRING", "text/plain;charset=utf-8", "STRING", "TEXT")


def own_clipboard(text: str, display: str) -> None:
    """Put text on the clipboard of a display, until another program does.

    Raises:
        OSError: there is no such display, or no library to speak to it.
    """
    try:
        connection = importlib.import_module("Xlib.display").Display(display)
    # Fault boundary: the library raises what it likes for a display it cannot have.
    except Exception as error:
        raise OSError(f"the display {display} cannot be used") from error
    owner = _Owner(connection, text.encode("utf-8", "replace"))
    if not owner.take():
        connection.close()
        raise OSError(f"the display {display} does not hand out its clipboard")
    threading.Thread(target=owner.serve, name="amp-tray-clipboard", daemon=True).start()


class _Owner:
    """One text on the clipboard, by a connection of its own."""

    def __init__(self, connection: Any, data: bytes) -> None:
        self._x: Any = importlib.import_module("Xlib.X")
        self._connection = connection
        self._data = data
        self._clipboard = connection.intern_atom("CLIPBOARD")
        self._targets = connection.intern_atom("TARGETS")
        self._texts = [connection.intern_atom(name) for name in _TEXT_TARGETS]
        root = connection.screen().root
        self._window = root.create_window(0, 0, 1, 1, 0, self._x.CopyFromParent)
        # Who asks may be gone before the answer: an error of no consequence.
        connection.set_error_handler(lambda *_error: None)

    def take(self) -> bool:
        """Become the owner; say whether that was allowed."""
        self._window.set_selection_owner(self._clipboard, self._x.CurrentTime)
        owner = self._connection.get_selection_owner(self._clipboard)
        return bool(owner == self._window)

    def serve(self) -> None:
        """Hand the text out until another program owns the clipboard, or the display ends."""
        # Fault boundary: the display may end at any moment.
        try:
            while True:
                event = self._connection.next_event()
                if event.type == self._x.SelectionClear:
                    break
                if event.type == self._x.SelectionRequest:
                    self._answer(event)
            self._connection.close()
        except Exception:  # noqa: BLE001, S110 - see above; nobody is left to be told
            pass

    def _answer(self, request: Any) -> None:
        atom = importlib.import_module("Xlib.Xatom").ATOM
        # Old programs name no property and mean the target's.
        place = request.property or request.target
        if request.target == self._targets:
            request.requestor.change_property(place, atom, 32, [self._targets, *self._texts])
        elif request.target in self._texts:
            request.requestor.change_property(place, request.target, 8, self._data)
        else:
            place = self._x.NONE
        answer = importlib.import_module("Xlib.protocol.event").SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=place,
        )
        request.requestor.send_event(answer)
        self._connection.flush()
