"""Which backend a desktop gets, and the words for it."""

from pathlib import Path

import pytest

from amp_tray.core.errors import UsageError
from amp_tray.surfaces.tray.backends.base import BackendUnavailableError, MainThreadBackend
from amp_tray.surfaces.tray.backends.choice import (
    BackendChoice,
    BackendKind,
    choose_backend,
    create_backend,
)

BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/b"}


@pytest.mark.parametrize(
    ("env", "platform", "kind", "words"),
    [
        ({}, "win32", BackendKind.PYSTRAY, "notification area"),
        (BUS, "darwin", BackendKind.PYSTRAY, "menu bar"),
        (BUS, "linux", BackendKind.STATUS_NOTIFIER, "session bus is there"),
        (BUS | {"DISPLAY": ":0"}, "linux", BackendKind.STATUS_NOTIFIER, "session bus is there"),
        ({"DISPLAY": ":0"}, "linux", BackendKind.PYSTRAY, "no D-Bus session bus"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", None, "no D-Bus session bus"),
        ({}, "linux", None, "neither a D-Bus session bus nor a display"),
        ({"DISPLAY": ""}, "freebsd14", None, "neither"),
        (BUS | {"AMP_TRAY_BACKEND": "none"}, "linux", None, "asks for no tray"),
        (BUS | {"AMP_TRAY_BACKEND": "pystray"}, "linux", BackendKind.PYSTRAY, "asks for pystray"),
        ({"AMP_TRAY_BACKEND": "status-notifier"}, "linux", None, "there is no D-Bus session bus"),
    ],
)
def test_the_choice_and_its_reason(
    env: dict[str, str], platform: str, kind: BackendKind | None, words: str
) -> None:
    choice = choose_backend(env, platform, exists=lambda _: False)
    assert choice.kind is kind
    assert words in choice.reason


def test_the_users_bus_is_found_where_systemd_puts_it() -> None:
    runtime = {"XDG_RUNTIME_DIR": "/run/user/1000"}
    choice = choose_backend(
        runtime, "linux", exists=lambda path: path == Path("/run/user/1000/bus")
    )
    assert choice.bus_address == "unix:path=/run/user/1000/bus"
    assert choice.kind is BackendKind.STATUS_NOTIFIER


def test_an_unknown_wish_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="gtk") as caught:
        choose_backend({"AMP_TRAY_BACKEND": "gtk"}, "linux")
    assert caught.value.hint == "Use one of: status-notifier, pystray, none."


def test_no_choice_makes_no_backend() -> None:
    with pytest.raises(BackendUnavailableError, match="because"):
        create_backend(BackendChoice(None, "because", "", "linux"), pid=1)


def test_pystray_wants_the_main_thread() -> None:
    choice = BackendChoice(BackendKind.PYSTRAY, "", "", "darwin")
    assert isinstance(create_backend(choice, pid=1), MainThreadBackend)


async def test_the_bus_backend_does_not() -> None:
    choice = BackendChoice(BackendKind.STATUS_NOTIFIER, "", "unix:path=/b", "linux")
    assert not isinstance(create_backend(choice, pid=1), MainThreadBackend)
