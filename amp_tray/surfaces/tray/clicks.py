"""What each action does: questions to the service, and errands on this machine.

In: an action, what the tray knows, whom it can ask. Out: how the state of the tray changes by
it. Wording and drawing are left to others.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from amp_tray.core.choices import METRICS
from amp_tray.core.errors import AmpTrayError
from amp_tray.sources import SOURCES
from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.errands import Errands
from amp_tray.surfaces.tray.follow import ServiceClient
from amp_tray.surfaces.tray.state import TrayState

Change = Callable[[TrayState], TrayState]
"""What a click makes of the state, whatever else became of it meanwhile."""


def label_of(action: Action) -> str:
    """Return what the row of an action is called, for telling that it failed."""
    words = text.WORDS
    return {
        ActionKind.REFRESH: words.refresh,
        ActionKind.PAUSE: words.pause,
        ActionKind.OPEN_THREAD: words.open_thread,
        ActionKind.COPY_ID: words.copy_id,
        ActionKind.SHOW_FILE: words.show_file,
        ActionKind.START_AT_LOGIN: words.start_at_login,
        ActionKind.TURN_ON_SYNC: words.turn_on_sync,
        ActionKind.OPEN_REPORT: words.open_report,
    }.get(action.kind, words.settings)


async def carry_out(
    action: Action, state: TrayState, client: ServiceClient | None, errands: Errands
) -> Change:
    """Do what a click asks for.

    Args:
        action: any but those that are the controller's own.
        state: as it was when it was clicked.
        client: the service, None while there is none to ask.
        errands: what is done on this machine.

    Raises:
        AmpTrayError, RemoteError: it could not be done.
    """
    match action.kind:
        case ActionKind.REFRESH:
            await _ask(client, "service.refresh")
        case ActionKind.PAUSE:
            answer = await _ask(client, "service.pause", {"paused": not state.paused})
            # Shown at once: a paused service may have no news to send.
            return partial(replace, paused=bool(answer["paused"]))
        case ActionKind.OPEN_THREAD | ActionKind.COPY_ID | ActionKind.SHOW_FILE:
            await _on_thread(action, client, errands)
        case ActionKind.SHOW_METRIC:
            (metric,) = (each for each in METRICS if each == action.argument)
            await asyncio.to_thread(errands.set_metric, metric)
            return partial(replace, metric=metric)
        case ActionKind.TURN_ON_SYNC:
            await asyncio.to_thread(errands.turn_on_sync)
            return partial(replace, sync=True)
        case ActionKind.START_AT_LOGIN:
            return await _start_at_login(state, errands)
        case ActionKind.OPEN_REPORT:
            await asyncio.to_thread(errands.open_report)
        case ActionKind.SETTINGS:
            await asyncio.to_thread(errands.open_settings)
        case ActionKind.QUIT | ActionKind.MENU_CLOSED:
            raise AssertionError(f"{action.kind} is the controller's own")
    return replace


async def _on_thread(action: Action, client: ServiceClient | None, errands: Errands) -> None:
    name = action.argument
    if action.kind is ActionKind.COPY_ID:
        await asyncio.to_thread(errands.copy, name)
    elif action.kind is ActionKind.OPEN_THREAD:
        await asyncio.to_thread(errands.open_page, _page(name))
    else:
        await asyncio.to_thread(errands.show_file, await _file(client, name))


async def _start_at_login(state: TrayState, errands: Errands) -> Change:
    on = state.login is None or not state.login.on
    try:
        await asyncio.to_thread(errands.set_login_start, on=on)
    finally:  # what became of it, also where only half of it worked
        login = await asyncio.to_thread(errands.login_start)
    return partial(replace, login=login)


def _page(thread_id: str) -> str:
    for source in SOURCES.values():
        link = source.link_of(thread_id)
        if link is not None:
            return link
    raise AmpTrayError(text.WORDS.page_missing)


async def _file(client: ServiceClient | None, session_id: str) -> Path:
    answer = await _ask(client, "usage.thread", {"sessionId": session_id})
    if answer.get("file") is None:
        raise AmpTrayError(text.WORDS.file_gone)
    return Path(str(answer["file"]))


async def _ask(
    client: ServiceClient | None, method: str, params: Mapping[str, object] | None = None
) -> Any:
    if client is None:
        raise AmpTrayError(text.WORDS.not_connected)
    return await client.call(method, params)
