"""The tray in real panels: its icon is seen, its menu opens by a click and stays open."""

import subprocess
from datetime import timedelta
from typing import Any

import pytest

from amp_tray.surfaces.tray.backends.xembed import has_xembed_tray
from amp_tray.surfaces.tray.icon import draw_icon
from amp_tray.surfaces.tray.icon_look import IconLook, IconState
from amp_tray.surfaces.tray.menu import Row
from amp_tray.surfaces.tray.state import Connection, TrayState
from amp_tray.surfaces.tray.summary import read_summary
from amp_tray.surfaces.tray.view import build_view
from tests.support.installed import ROOT, install
from tests.support.panels import Screen, bare_desktop, desktop, running_panel, x_server
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.e2e

LEFT, RIGHT = 1, 3
FINE = draw_icon(IconLook(IconState.OK), 22)


STREAMING = "Fix the flaky _login_ & logout test"
TITLES = (STREAMING, "Rewrite the invoice export", "Escape <b>names</b> on the customer page")


@pytest.fixture
def user(user: Sandbox) -> Sandbox:
    """A user with a few threads, so that the menu has something to say."""
    for number, title in enumerate(TITLES):
        user.write(todays(title, number))
    user.write(
        thread(*(big_answer(90 + 70 * (day % 4), day) for day in range(1, 7)), title="Before")
    )
    return user


def todays(title: str, number: int, answers: int = 1) -> dict[str, Any]:
    """Return a thread of today with so many large answers."""
    said = [big_answer(160 - 50 * number, message_id=2 * each + 1) for each in range(answers)]
    thread_id = f"T-0199aaaa-bbbb-7ccc-8ddd-0000000000b{number}"
    where = {"initial": {"trees": [{"displayName": "webshop"}]}}
    return thread(*said, thread_id=thread_id, title=title, env=where)


def big_answer(scale: int, days_ago: int = 0, message_id: int = 1) -> dict[str, Any]:
    """Return an answer of so many times the usual size."""
    told = answer(now() - timedelta(days=days_ago), message_id=message_id + days_ago)
    told["usage"] |= {
        name: value * scale for name, value in told["usage"].items() if isinstance(value, int)
    }
    return told


def gtk_python() -> str:
    return install("install_gtk_environment.sh", "gtk", what="PyGObject", needs=())


@pytest.mark.parametrize(("panel", "button"), [("xfce4-panel", LEFT), ("lxqt-panel", RIGHT)])
def test_a_panel_that_knows_status_notifier(user: Sandbox, panel: str, button: int) -> None:
    with desktop(user, panel) as screen:
        look_at_the_tray(user, screen, panel, button)


def test_a_panel_that_knows_xembed_alone(user: Sandbox) -> None:
    user.python = gtk_python()
    with desktop(user, "trayer") as screen:
        assert has_xembed_tray(screen.name)
        look_at_the_tray(user, screen, "trayer", LEFT, backend="status-notifier", shown="XEmbed")


def test_a_panel_without_a_session_bus(user: Sandbox) -> None:
    user.python = gtk_python()
    with desktop(user, "trayer") as screen:
        del user.env["DBUS_SESSION_BUS_ADDRESS"]
        look_at_the_tray(user, screen, "trayer-without-bus", RIGHT, backend="gtk", shown="XEmbed")


def test_appindicator_where_it_is_asked_for(user: Sandbox) -> None:
    user.python = gtk_python()
    user.configure('[tray]\nbackend = "appindicator"\n')
    with desktop(user, "xfce4-panel") as screen:
        look_at_the_tray(
            user, screen, "appindicator", LEFT, backend="appindicator", shown="AppIndicator"
        )


def test_the_icon_waits_for_a_panel_and_comes_back_with_the_next(user: Sandbox) -> None:
    with bare_desktop(user) as screen, user.started("run"):
        empty = screen.picture()
        for _ in range(2):
            with running_panel(user, screen, "xfce4-panel"):
                screen.wait_for_picture(FINE, since=empty)


def test_the_icon_goes_from_an_old_tray_to_a_panel_that_can_do_more(user: Sandbox) -> None:
    user.python = gtk_python()
    with bare_desktop(user) as screen, user.started("run"):
        empty = screen.picture()
        with running_panel(user, screen, "trayer"):
            screen.wait_for_picture(FINE, since=empty)
            assert "XEmbed) (" in tray_line(user)
        with running_panel(user, screen, "lxqt-panel"):
            screen.wait_for_picture(FINE, since=empty)
            assert ", shown (" in tray_line(user)


def test_a_screen_without_a_tray_of_the_old_kind() -> None:
    with x_server() as name:
        assert not has_xembed_tray(name)
    assert not has_xembed_tray("no display's name")


def test_many_updates_leave_nothing_behind_in_gtk(user: Sandbox) -> None:
    with desktop(user, "trayer"):
        done = subprocess.run(
            [gtk_python(), "-m", "tests.support.gtk_updates"],
            cwd=ROOT,
            env=user.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    before, after = (float(line) for line in done.stdout.split())
    print(f"{before} MB, {after} MB")  # noqa: T201 - the figures, for who asks
    assert after - before < 4


def look_at_the_tray(
    user: Sandbox,
    screen: Screen,
    name: str,
    button: int,
    *,
    backend: str = "status-notifier",
    shown: str = "shown",
) -> None:
    """Start the program and do with its icon what a person would; keep pictures of it."""
    empty = screen.picture()
    with user.started("run") as program:
        icon = screen.wait_for_picture(FINE, since=empty)
        said = tray_line(user)
        assert f"runs (pid {program.pid})" in said
        assert shown in said
        assert f"; {backend}: " in said

        screen.click(icon, button)
        (menu,) = screen.wait_for_menus(1)
        screen.press(*["Down"] * rows_down_to_the_threads(user), "Right")
        screen.wait_for_menus(2)
        screen.press("Right")  # some panels open it by themselves, too
        menus = screen.wait_for_menus(3)
        assert menus[0].window == menu.window
        kept = screen.keep(name, around=menus)
        before = screen.picture()

        user.write(todays(STREAMING, 0, answers=2))

        def changed() -> bool | None:
            after = screen.picture()
            return True if all(box.of(before) != box.of(after) for box in menus) else None

        screen.wait_until(changed, "new figures in all menus")
        assert [box.window for box in screen.menus()] == [box.window for box in menus]
        later = screen.keep(f"{name}-later", around=menus)
        print(f"pictures: {kept} {later}")  # noqa: T201 - for who looks at the artefacts

        screen.press("Escape", "Escape", "Escape")
        screen.wait_for_no_menu()
        program.terminate()
        screen.wait_for_no_picture(FINE, icon)


def tray_line(user: Sandbox) -> str:
    """Return what the status says of the tray."""
    return next(line for line in user.run("status").stdout.splitlines() if "Tray " in line)


def rows_down_to_the_threads(user: Sandbox) -> int:
    """Return how often Down has to be pressed in the open menu."""
    with user.client() as client:
        summary = read_summary(client.call("usage.summary"))
    menu = build_view(summary, TrayState(Connection.CONNECTED), now()).menu
    rows = [row for row in menu.entries if isinstance(row, Row) and row.enabled]
    return [row.id for row in rows].index("threads") + 1
