"""Reports asked for at once: made one after the other, so that the event loop has its turns."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

from amp_tray.surfaces.rpc.backend import ServiceBackend
from amp_tray_rpc.messages import ReportParams


async def test_reports_are_made_one_at_a_time() -> None:
    under_way = 0
    most = 0
    another = threading.Event()

    def report(*_args: object) -> bytes:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way > 1:
            another.set()
        another.wait(0.02)  # for one that would be made beside it
        under_way -= 1
        return b"{}"

    service: Any = SimpleNamespace(
        hub=SimpleNamespace(current=object()), queries=SimpleNamespace(report=report)
    )
    backend = ServiceBackend(service, ledger="")
    await asyncio.gather(*(backend.report("daily", ReportParams()) for _ in range(4)))
    assert most == 1
