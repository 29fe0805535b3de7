"""What a host asks of the item and its menu, answered by the real backend on a real bus."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from dbus_fast import Variant

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.backends.status_notifier import StatusNotifierBackend
from tests.support.dbus import RemoteItem, TrayHost
from tests.surfaces.tray.summaries import period, thread
from tests.surfaces.tray.views import view


@pytest.fixture
async def clicked() -> list[Action]:
    return []


@pytest.fixture
async def item(
    bus_address: str, backend: StatusNotifierBackend, clicked: list[Action]
) -> AsyncIterator[RemoteItem]:
    """The item as a host sees it; clicks are collected."""
    backend.show(view())
    await backend.start(clicked.append)
    async with TrayHost(bus_address) as host:
        yield await host.next_item()


async def test_depth_and_names_limit_the_layout(item: RemoteItem) -> None:
    _, alone = await item.layout(0, 0)
    assert alone.children == ()
    _, root = await item.layout(0, 1, "label")
    threads = root.find("Threads today")
    assert threads.children == ()
    assert set(threads.properties) == {"label"}
    _, below = await item.layout(threads.number, 1)
    assert [child.label for child in below.children] == ["Fix the login — $4.20"]


async def test_properties_are_given_alone_and_in_groups(item: RemoteItem) -> None:
    menu = await item.menu()
    pause = menu.find("Pause")
    assert await item.ask_menu("GetProperty", "is", pause.number, "toggle-state") == [0]
    ids = [pause.number, 99_999]
    answer = await item.ask_menu("GetGroupProperties", "aias", ids, ["label"])
    assert answer == [[[pause.number, {"label": "Pause"}]]]
    [everything] = await item.ask_menu("GetGroupProperties", "aias", [], ["label"])
    assert len(everything) == len(list(menu.walk()))


async def test_events_in_a_group_name_the_items_that_are_gone(
    item: RemoteItem, clicked: list[Action]
) -> None:
    refresh = (await item.menu()).find("Refresh")
    events = [[number, "clicked", Variant("i", 0), 0] for number in (refresh.number, 99_999)]
    assert await item.ask_menu("EventGroup", "a(isvu)", events) == [[99_999]]
    assert clicked == [Action(ActionKind.REFRESH)]


async def test_events_of_items_that_are_all_gone_are_an_error(item: RemoteItem) -> None:
    for member, signature, body in (
        ("EventGroup", "a(isvu)", [[[99_999, "clicked", Variant("i", 0), 0]]]),
        ("Event", "isvu", [99_999, "clicked", Variant("i", 0), 0]),
        ("AboutToShowGroup", "ai", [[99_999]]),
        ("GetProperty", "is", [99_999, "label"]),
        ("GetLayout", "iias", [99_999, -1, []]),
    ):
        with pytest.raises(AssertionError, match=member):
            await item.ask_menu(member, signature, *body)


async def test_that_the_menu_was_closed_is_passed_on(
    item: RemoteItem, clicked: list[Action]
) -> None:
    menu = await item.menu()
    for number, kind in ((0, "opened"), (menu.find("Threads today").number, "closed")):
        await item.send_event(number, kind)
    assert clicked == []
    await item.send_event(0, "closed")
    assert clicked == [Action(ActionKind.MENU_CLOSED)]


async def test_about_to_show_needs_no_update(item: RemoteItem) -> None:
    assert await item.ask_menu("AboutToShow", "i", 0) == [False]
    assert await item.ask_menu("AboutToShowGroup", "ai", [0, 99_999]) == [[], [99_999]]


async def test_middle_click_and_activation_refresh_and_scrolling_does_nothing(
    item: RemoteItem, clicked: list[Action]
) -> None:
    await item.ask_item("Activate", "ii", 1, 1)
    await item.ask_item("SecondaryActivate", "ii", 1, 1)
    await item.ask_item("Scroll", "is", 120, "vertical")
    assert clicked == [Action(ActionKind.REFRESH), Action(ActionKind.REFRESH)]


HOSTILE = "\x1b[31mred\x07 \u202egnp.exe\u202c <b>bold</b> & _under_\r\nnext " + "x" * 10_000


async def test_hostile_titles_are_harmless_text(
    bus_address: str, backend: StatusNotifierBackend
) -> None:
    threads = [thread("T-1", HOSTILE)]
    backend.show(view(today=period("2026-11-22", totalCost=12.34, threads=threads)))
    await backend.start(lambda _: None)
    async with TrayHost(bus_address) as host:
        item = await host.next_item()
        menu = await item.menu()
        label = menu.find("Threads today").children[0].label
        assert label.startswith("red gnp.exe <b>bold</b> & __under__ next xxx")
        assert len(label) < 100
        assert not [row.label for row in menu.walk() if not row.label.isprintable()]


async def test_markup_in_the_tooltip_is_escaped(
    bus_address: str, backend: StatusNotifierBackend
) -> None:
    shown = replace(view(), tooltip="<$0.01 & <b>bold</b>")
    backend.show(shown)
    await backend.start(lambda _: None)
    async with TrayHost(bus_address) as host:
        item = await host.next_item()
        told = (await item.get("ToolTip"))[3]
    assert told == "&lt;$0.01 &amp; &lt;b&gt;bold&lt;/b&gt;"


async def test_a_click_on_a_row_that_only_tells_something_does_nothing(
    item: RemoteItem, clicked: list[Action]
) -> None:
    await item.click((await item.menu()).find("Today: $12.34"))
    assert clicked == []
