"""macOS and Windows, as far as they can be shown without them."""

import contextlib
import plistlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from amp_tray.host.autostart.login import start_at_login
from amp_tray.host.autostart.windows import APPROVED, RUN

EXE = r"C:\Program Files\amp-tray\amp-tray.exe"


class FakeRegistry:
    """The part of `winreg` that is used; keys are dictionaries by their path."""

    HKEY_CURRENT_USER, KEY_READ, KEY_SET_VALUE, REG_SZ = 1, 2, 4, 8

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, object]] = {RUN: {"Other": "other.exe"}}
        self.writes = 0

    @contextlib.contextmanager
    def OpenKey(  # noqa: N802 - winreg's name
        self, root: int, path: str, _zero: int, _access: int
    ) -> Iterator[dict[str, object]]:
        assert root == self.HKEY_CURRENT_USER
        if path not in self.keys:
            raise FileNotFoundError(2, "no such key")
        yield self.keys[path]

    def CreateKeyEx(  # noqa: N802 - winreg's name
        self, root: int, path: str, _zero: int, access: int
    ) -> contextlib.AbstractContextManager[dict[str, object]]:
        self.keys.setdefault(path, {})
        return self.OpenKey(root, path, 0, access)

    def QueryValueEx(self, key: dict[str, object], name: str) -> tuple[object, int]:  # noqa: N802 - winreg's name
        if name not in key:
            raise FileNotFoundError(2, "no such value")
        return key[name], self.REG_SZ

    def SetValueEx(  # noqa: N802 - winreg's name
        self, key: dict[str, object], name: str, _zero: int, kind: int, value: str
    ) -> None:
        assert kind == self.REG_SZ
        self.writes += 1
        key[name] = value

    def DeleteValue(self, key: dict[str, object], name: str) -> None:  # noqa: N802 - winreg's name
        if name not in key:
            raise FileNotFoundError(2, "no such value")
        del key[name]


def test_windows_has_a_value_below_the_run_key(tmp_path: Path) -> None:
    registry = FakeRegistry()
    login = start_at_login({}, tmp_path, "win32", [EXE], registry=registry)
    assert not login.status().enabled
    found = login.enable()
    assert registry.keys[RUN] == {"Other": "other.exe", "amp-tray": f'"{EXE}" run'}
    assert (found.method, found.command) == ("registry", (EXE, "run"))
    assert found.path == rf"HKEY_CURRENT_USER\{RUN}\amp-tray"
    login.enable()
    assert registry.writes == 1
    login.disable()
    assert not login.disable().enabled
    assert registry.keys[RUN] == {"Other": "other.exe"}


@pytest.mark.parametrize(
    ("value", "on"), [(b"\x02" + bytes(11), True), (b"\x03" + bytes(11), False)]
)
def test_what_the_task_manager_turned_off_is_off_until_it_is_enabled(
    tmp_path: Path, value: bytes, on: bool
) -> None:
    registry = FakeRegistry()
    login = start_at_login({}, tmp_path, "win32", ["C:\\amp-tray.exe"], registry=registry)
    login.enable()
    registry.keys[APPROVED] = {"amp-tray": value, "Other": b"\x03"}
    assert login.status().enabled is on
    assert login.enable().enabled
    assert "Other" in registry.keys[APPROVED]


def test_macos_has_a_launch_agent(tmp_path: Path) -> None:
    login = start_at_login({}, tmp_path, "darwin", ["/Applications/amp tray/amp-tray"])
    assert not login.status().enabled
    found = login.enable()
    path = tmp_path / "Library/LaunchAgents/amp-tray.plist"
    assert (found.method, found.path) == ("launchd", str(path))
    document = plistlib.loads(path.read_bytes())
    assert document["ProgramArguments"] == ["/Applications/amp tray/amp-tray", "run"]
    assert document["RunAtLoad"] is True
    assert document["Label"] == path.stem
    stamp = path.stat().st_ino
    assert login.enable() == found
    assert path.stat().st_ino == stamp
    path.write_bytes(plistlib.dumps(document | {"Disabled": True}))
    assert not login.status().enabled
    assert login.enable().enabled
    assert not login.disable().enabled
    assert not path.exists()


@pytest.mark.parametrize("data", [b"", b"<plist", b"\x00", plistlib.dumps([]), plistlib.dumps({})])
def test_a_launch_agent_that_cannot_be_read_is_off_and_can_be_replaced(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "Library/LaunchAgents/amp-tray.plist"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    login = start_at_login({}, tmp_path, "darwin", ["/usr/local/bin/amp-tray"])
    assert not login.status().enabled
    assert login.enable().command == ("/usr/local/bin/amp-tray", "run")
