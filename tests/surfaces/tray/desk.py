"""A controller with a service, a desktop and a machine that do as they are told."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from amp_tray.surfaces.tray.controller import Controller
from amp_tray.surfaces.tray.errands import Notices
from amp_tray.surfaces.tray.pace import Pace
from tests.surfaces.tray.fake_backend import FakeBackend
from tests.surfaces.tray.fake_errands import FakeErrands
from tests.surfaces.tray.fake_service import FakeService
from tests.surfaces.tray.summaries import NOW, period, summary

FAST = Pace(redraw=0.0, tick=60.0, settings=0.001, not_ready=0.001, back_off=(0.001,))


def cents(amount: float, revision: int) -> dict[str, Any]:
    return summary(today=period("2026-11-22", totalCost=amount), revision=revision)


@dataclass
class Desk:
    """Everything around one controller."""

    service: FakeService
    backend: FakeBackend
    errands: FakeErrands = field(default_factory=FakeErrands)
    quits: list[str] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    def run(self, pace: Pace = FAST, notices: Notices | None = None) -> None:
        controller = Controller(
            self.service.connect,
            self.backend,
            self.errands,
            on_quit=lambda: self.quits.append("quit"),
            clock=lambda: NOW,
            notices=notices,
            pace=pace,
        )
        self.task = asyncio.create_task(controller.run())
