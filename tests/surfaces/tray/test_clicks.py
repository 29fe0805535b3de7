"""What each action does, and what becomes of it where it cannot be done."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from amp_tray.core.errors import AmpTrayError
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.clicks import carry_out, label_of
from amp_tray.surfaces.tray.state import Connection, LoginStart, TrayState
from tests.surfaces.tray.fake_errands import FakeErrands, refused
from tests.surfaces.tray.fake_service import FakeService
from tests.surfaces.tray.summaries import summary

AMP_ID = "T-0199aaaa-bbbb-7ccc-8ddd-00000000000a"
CONNECTED = TrayState(Connection.CONNECTED)
OWN = {ActionKind.QUIT, ActionKind.MENU_CLOSED}  # the controller's


async def click(
    action: Action,
    errands: FakeErrands,
    *,
    state: TrayState = CONNECTED,
    threads: Mapping[str, Any] | None = None,
) -> TrayState:
    """Carry out an action with a service at hand, and return the state that comes of it."""
    service = FakeService(summary())
    service.threads = dict(threads or {})
    client = await service.connect(lambda _method, _params: None)
    return (await carry_out(action, state, client, errands))(state)


@pytest.mark.parametrize(
    ("action", "done"),
    [
        (
            Action(ActionKind.OPEN_THREAD, AMP_ID),
            ("page", f"https://ampcode.com/threads/{AMP_ID}"),
        ),
        (Action(ActionKind.COPY_ID, "T-1\n$(x)"), ("copy", "T-1\n$(x)")),
        (Action(ActionKind.SHOW_FILE, "T-1"), ("file", Path("/home/me/T-1.json"))),
        (Action(ActionKind.OPEN_REPORT), ("report", None)),
        (Action(ActionKind.SETTINGS), ("settings", None)),
        (Action(ActionKind.SHOW_METRIC, "credits"), ("metric", "credits")),
        (Action(ActionKind.START_AT_LOGIN), ("login", True)),
        (Action(ActionKind.TURN_ON_SYNC), ("sync", None)),
    ],
)
async def test_errands_are_run(action: Action, done: tuple[str, object]) -> None:
    errands = FakeErrands()
    threads = {"T-1": {"file": "/home/me/T-1.json"}}
    await click(action, errands, threads=threads)
    assert errands.done == [done]


async def test_what_was_chosen_is_known_at_once() -> None:
    errands = FakeErrands()
    state = await click(Action(ActionKind.SHOW_METRIC, "tokens"), errands)
    assert state.metric == "tokens"
    state = await click(Action(ActionKind.TURN_ON_SYNC), errands)
    assert state.sync is True
    state = await click(Action(ActionKind.START_AT_LOGIN), errands)
    assert state.login == LoginStart(on=True)
    state = await click(Action(ActionKind.START_AT_LOGIN), errands, state=state)
    assert state.login == LoginStart(on=False)
    state = await click(Action(ActionKind.PAUSE), errands)
    assert state.paused
    state = await click(Action(ActionKind.PAUSE), errands, state=state)
    assert not state.paused


@pytest.mark.parametrize("thread_id", ["T-1", "", f"{AMP_ID}\n", f"{AMP_ID}?x=javascript:"])
async def test_no_page_is_made_up(thread_id: str) -> None:
    errands = FakeErrands()
    with pytest.raises(AmpTrayError, match="the thread has no page"):
        await click(Action(ActionKind.OPEN_THREAD, thread_id), errands)
    assert errands.done == []


@pytest.mark.parametrize("found", [{"file": None}, {}])
async def test_a_thread_without_a_file_says_so(found: Mapping[str, Any]) -> None:
    errands = FakeErrands()
    with pytest.raises(AmpTrayError, match="not there any more"):
        await click(Action(ActionKind.SHOW_FILE, "T-1"), errands, threads={"T-1": found})
    assert errands.done == []


@pytest.mark.parametrize("kind", [ActionKind.REFRESH, ActionKind.PAUSE, ActionKind.SHOW_FILE])
async def test_without_the_service_that_is_said(kind: ActionKind) -> None:
    with pytest.raises(AmpTrayError, match="no connection to the service"):
        await carry_out(Action(kind, "T-1"), CONNECTED, None, FakeErrands())


async def test_a_thread_opens_without_the_service_too() -> None:
    errands = FakeErrands()
    await carry_out(Action(ActionKind.OPEN_THREAD, AMP_ID), CONNECTED, None, errands)
    assert errands.done == [("page", f"https://ampcode.com/threads/{AMP_ID}")]


async def test_an_errand_that_fails_fails_the_click() -> None:
    errands = FakeErrands()
    errands.refusal = refused()
    for kind in (ActionKind.OPEN_REPORT, ActionKind.SETTINGS, ActionKind.START_AT_LOGIN):
        with pytest.raises(AmpTrayError, match="xdg-open failed"):
            await click(Action(kind), errands)


def test_every_action_that_can_fail_has_a_name() -> None:
    names = {kind: label_of(Action(kind)) for kind in ActionKind if kind not in OWN}
    assert all(names.values())
    assert names[ActionKind.SHOW_METRIC] == names[ActionKind.SETTINGS] == "Settings…"
    assert len(set(names.values())) == len(names) - 1
