"""What a service manager is told while the service runs."""

import asyncio
from collections.abc import Mapping
from typing import Any

from amp_tray.core.figures import plural
from amp_tray.host.systemd import Notifier
from amp_tray.live.service import Service

_STARTING_SECONDS = 0.5
_IDLE_SECONDS = 20.0
_EXTENSION = "EXTEND_TIMEOUT_USEC=60000000"


async def tell_how_it_goes(notifier: Notifier, service: Service) -> None:
    """Tell that the service is ready once its first scan is published, and how it is."""
    changed = asyncio.Event()
    unsubscribe = service.hub.subscribe(changed.set)
    told, ready = "", False
    try:
        while True:
            changed.clear()
            text = describe(service.status())
            news = [] if text == told else [f"STATUS={text}"]
            if service.hub.current is not None and not ready:
                ready = True
                news.append("READY=1")
            elif not ready and news:
                news.append(_EXTENSION)  # a scan that gets on may take its time
            if news:
                told = text
                notifier.tell(*news)
            try:
                async with asyncio.timeout(_IDLE_SECONDS if ready else _STARTING_SECONDS):
                    await changed.wait()
            except TimeoutError:
                continue
    finally:
        unsubscribe()


async def feed_watchdog(notifier: Notifier, service: Service, seconds: float) -> None:
    """Say twice in `seconds` that the event loop and the writer's thread answer, while they do."""
    loop, pause = asyncio.get_running_loop(), seconds / 2
    while True:
        began = loop.time()
        if await service.answers(pause * 0.8):
            notifier.tell("WATCHDOG=1")
        await asyncio.sleep(max(0.0, began + pause - loop.time()))


def describe(status: Mapping[str, Any]) -> str:
    """Return a service's status in a few words."""
    threads = plural(status["files"], "thread", "threads")
    match status["state"]:
        case "scanning":
            progress = status["progress"]
            return f"scanning {progress['done']:,} of {progress['total']:,}"
        case "ready":
            return f"paused: {threads}" if status["paused"] else f"ready: {threads}"
        case "degraded":
            return f"degraded: {status['failure'] or 'see `amp-tray doctor`'}"
        case state:
            return str(state)
