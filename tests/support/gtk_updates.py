"""Run by a Python that has GTK: many updates of a real icon; prints megabytes before and after."""

import asyncio
import importlib
import os

from amp_tray.surfaces.tray.backends.gtk_backend import GtkBackend
from tests.support.vitals import resident_mb
from tests.surfaces.tray.many_views import BATCH, WARM_UP, views


async def main() -> None:
    """Update, and wait for GTK now and then as the tray's pace does."""
    backend = GtkBackend("gtk")
    await backend.start(lambda _: None)
    for count, view in enumerate(views(), 1):
        backend.show(view)
        if count % BATCH == 0:
            await taken_note_of()
        if count == WARM_UP:
            print(resident_mb(os.getpid()))  # noqa: T201 - the answer
    print(resident_mb(os.getpid()))  # noqa: T201 - the answer
    await backend.close()


async def taken_note_of() -> None:
    """Wait until GTK has nothing else to do."""
    glib = importlib.import_module("gi.repository.GLib")
    loop, idle = asyncio.get_running_loop(), asyncio.Event()
    glib.idle_add(lambda: loop.call_soon_threadsafe(idle.set) is None)  # false: not again
    await idle.wait()


if __name__ == "__main__":
    asyncio.run(main())
