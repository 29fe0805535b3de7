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
from amp_tray.surfaces.tray.backends.stand_in import WithStandIn

BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/b"}
X = {"DISPLAY": ":0"}
GTK, NOTHING = {"gi"}, set[str]()


@pytest.mark.parametrize(
    ("env", "platform", "modules", "kind", "words"),
    [
        ({}, "win32", NOTHING, BackendKind.WINDOWS, "notification area"),
        (BUS, "darwin", NOTHING, BackendKind.MAC, "menu bar"),
        (BUS, "linux", GTK, BackendKind.STATUS_NOTIFIER, "session bus is there"),
        (BUS | X, "linux", GTK, BackendKind.STATUS_NOTIFIER, "GTK stands in"),
        (BUS | X, "linux", NOTHING, BackendKind.STATUS_NOTIFIER, "PyGObject is missing"),
        (X, "linux", GTK, BackendKind.GTK, "no D-Bus session bus"),
        (X, "linux", NOTHING, None, "neither a D-Bus session bus nor PyGObject"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", GTK, None, "no D-Bus session bus"),
        ({}, "linux", GTK, None, "neither a D-Bus session bus nor a display"),
        ({"DISPLAY": ""}, "freebsd14", GTK, None, "neither"),
        (BUS | {"AMP_TRAY_BACKEND": "none"}, "linux", GTK, None, "ask for no tray"),
        (BUS | {"AMP_TRAY_BACKEND": "gtk"}, "linux", GTK, BackendKind.GTK, "ask for gtk"),
        (
            BUS | {"AMP_TRAY_BACKEND": "appindicator"},
            "linux",
            GTK,
            BackendKind.APPINDICATOR,
            "ask for appindicator",
        ),
        (
            BUS | {"AMP_TRAY_BACKEND": "auto"},
            "linux",
            NOTHING,
            BackendKind.STATUS_NOTIFIER,
            "session bus is there",
        ),
        (
            {"AMP_TRAY_BACKEND": "status-notifier"},
            "linux",
            NOTHING,
            None,
            "there is no D-Bus session bus",
        ),
    ],
)
def test_the_choice_and_its_reason(
    env: dict[str, str], platform: str, modules: set[str], kind: BackendKind | None, words: str
) -> None:
    choice = choose_backend(env, platform, exists=lambda _: False, has_module=modules.__contains__)
    assert choice.kind is kind
    assert words in choice.reason


def test_gtk_stands_in_only_where_there_are_a_display_and_pygobject() -> None:
    for env, modules, display in ((BUS | X, GTK, ":0"), (BUS | X, NOTHING, ""), (BUS, GTK, "")):
        choice = choose_backend(env, "linux", has_module=modules.__contains__)
        assert choice.display == display
        backend_class = WithStandIn if display else object
        assert isinstance(create_backend(choice, pid=1, tell=lambda _: None), backend_class)


def test_the_users_bus_is_found_where_systemd_puts_it() -> None:
    runtime = {"XDG_RUNTIME_DIR": "/run/user/1000"}
    choice = choose_backend(
        runtime, "linux", exists=lambda path: path == Path("/run/user/1000/bus")
    )
    assert choice.bus_address == "unix:path=/run/user/1000/bus"
    assert choice.kind is BackendKind.STATUS_NOTIFIER


def test_an_unknown_wish_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="pystray") as caught:
        choose_backend({"AMP_TRAY_BACKEND": "pystray"}, "linux")
    assert caught.value.hint == "Use one of: auto, status-notifier, gtk, appindicator, none."


def test_no_choice_makes_no_backend() -> None:
    with pytest.raises(BackendUnavailableError, match="because"):
        create_backend(BackendChoice(None, "because"), pid=1, tell=lambda _: None)


@pytest.mark.parametrize(
    ("kind", "wants_it"),
    [
        (BackendKind.WINDOWS, True),
        (BackendKind.MAC, True),
        (BackendKind.GTK, False),
        (BackendKind.STATUS_NOTIFIER, False),
    ],
)
async def test_who_wants_the_main_thread(kind: BackendKind, wants_it: bool) -> None:
    backend = create_backend(BackendChoice(kind, "", "unix:path=/b"), pid=1, tell=lambda _: None)
    assert isinstance(backend, MainThreadBackend) is wants_it
