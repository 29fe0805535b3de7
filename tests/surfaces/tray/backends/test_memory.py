"""A tray that is updated for weeks: what it holds does not grow, and no layout is told anew."""

import gc
import os
import sys

import pytest

from amp_tray.surfaces.tray.backends.status_notifier import StatusNotifierBackend
from tests.support.dbus import RemoteItem, TrayHost
from tests.support.vitals import resident_mb
from tests.surfaces.tray.many_views import BATCH, UPDATES, WARM_UP, views


@pytest.mark.e2e
@pytest.mark.skipif(sys.platform != "linux", reason="measured as Linux tells it")
async def test_five_thousand_updates_leave_nothing_behind(bus_address: str) -> None:
    backend = StatusNotifierBackend(bus_address, pid=4711)
    async with TrayHost(bus_address) as host:
        await backend.start(lambda _: None)
        item = await host.next_item(listens=False)
        before = (0, 0, 0.0)
        for count, view in enumerate(views(), 1):
            backend.show(view)
            if count % BATCH == 0:
                await item.get("XAyatanaLabel")  # all before it has been sent
            if count == WARM_UP:
                before = await vitals(item)
        after = await vitals(item)
        await backend.close()
    print(f"{UPDATES} updates: {before} {after}")  # noqa: T201 - the figures, for who asks
    assert after[0] == before[0], "the layout was told anew"
    assert after[1] - before[1] < 100, "objects are kept"
    assert after[2] - before[2] < 4, "memory is kept"


async def vitals(item: RemoteItem) -> tuple[int, int, float]:
    """Return the layout's revision, how many objects there are, and the megabytes in use."""
    revision, _ = await item.layout()
    gc.collect()
    return revision, len(gc.get_objects()), resident_mb(os.getpid())
