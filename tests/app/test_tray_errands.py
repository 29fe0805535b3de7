"""What the tray has done: the user's own settings, report and desktop, by real files."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from amp_tray.app.tray_errands import TrayErrands
from amp_tray.core.errors import AmpTrayError
from amp_tray.host.desktop import Desktop
from amp_tray.surfaces.tray.state import LoginStart
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox

PAGE = "https://ampcode.com/threads/T-0199aaaa-bbbb-7ccc-8ddd-00000000000a"
COMMENTED = """\
# mine
[tray] # the icon
# backend = "none"
metric = "cost" # dollars
"""


class Opened(list[tuple[str, ...]]):
    """What a desktop was asked to open, by its words."""

    def launch(self, words: Sequence[str] | str, given: bytes, _env: Mapping[str, str]) -> int:
        assert not isinstance(words, str)
        self.append((*words, given.decode()) if given else tuple(words))
        return 0


@pytest.fixture
def opened() -> Opened:
    return Opened()


@pytest.fixture
def errands(user: Sandbox, opened: Opened) -> TrayErrands:
    def find(name: str, *, path: str | None) -> str:
        return f"{path}/{name}"

    env = {**user.env, "WAYLAND_DISPLAY": "wayland-0"}
    return TrayErrands(user.program, Desktop(env, "linux", opened.launch, find))


def test_pages_files_and_the_clipboard_are_the_desktops(
    errands: TrayErrands, opened: Opened, tmp_path: Path
) -> None:
    errands.open_page(PAGE)
    errands.copy("T-1")
    errands.show_file(tmp_path)
    assert opened[:2] == [("xdg-open", PAGE), ("wl-copy", "T-1")]
    assert opened[2][0] == "dbus-send"


def test_the_report_of_this_month_is_made_and_opened(
    user: Sandbox, errands: TrayErrands, opened: Opened
) -> None:
    user.write(thread(answer(now()), title="Mend the login"))
    errands.open_report()
    ((opener, path),) = opened
    page = Path(path)
    assert opener == "xdg-open"
    assert "Mend the login" in page.read_text("utf-8")
    assert page.parent == user.program.log_path.parent
    if os.name == "posix":
        assert page.stat().st_mode & 0o077 == 0


def test_a_report_that_cannot_be_made_says_why(
    user: Sandbox, errands: TrayErrands, opened: Opened
) -> None:
    user.configure("timezone = 5\n")
    with pytest.raises(AmpTrayError, match=r"config\.toml"):
        errands.open_report()
    assert opened == []


def test_the_settings_are_made_once_and_opened(
    user: Sandbox, errands: TrayErrands, opened: Opened
) -> None:
    path = user.program.config_path
    errands.open_settings()
    assert path.read_text("utf-8").startswith("# Settings of amp-tray.")
    path.write_text("offline = true\n", "utf-8")
    errands.open_settings()
    assert path.read_text("utf-8") == "offline = true\n"
    assert opened == [("xdg-open", str(path))] * 2


def test_a_chosen_metric_is_written_and_comments_stay(user: Sandbox, errands: TrayErrands) -> None:
    path = user.configure(COMMENTED)
    assert errands.metric() == "cost"
    errands.set_metric("tokens")
    assert path.read_text("utf-8") == COMMENTED.replace('"cost"', '"tokens"')
    assert errands.metric() == "tokens"


def test_without_settings_the_metric_is_cost_and_can_be_chosen(
    user: Sandbox, errands: TrayErrands
) -> None:
    assert errands.metric() == "cost"
    errands.set_metric("credits")
    assert user.program.config_path.read_text("utf-8") == '[tray]\nmetric = "credits"\n'


def test_sync_is_turned_on_in_the_settings(user: Sandbox, errands: TrayErrands) -> None:
    path = user.configure(COMMENTED)
    assert not errands.sync_on()
    errands.turn_on_sync()
    assert errands.sync_on()
    assert path.read_text("utf-8").startswith(COMMENTED)


def test_a_variable_goes_over_sync_and_is_named(user: Sandbox, opened: Opened) -> None:
    user.env["AMP_TRAY_SYNC"] = "0"
    errands = TrayErrands(user.program, Desktop(user.env, "linux", opened.launch))
    with pytest.raises(AmpTrayError, match="AMP_TRAY_SYNC is set"):
        errands.turn_on_sync()


def test_a_change_of_the_settings_is_noticed_once(user: Sandbox, errands: TrayErrands) -> None:
    def looks() -> list[bool]:
        return [errands.settings_changed() for _ in range(2)]

    assert looks() == [True, False]
    path = user.configure('tray.metric = "tokens"\n')
    assert looks() == [True, False]
    user.configure('tray.metric = "credits"\n')
    assert looks() == [True, False]
    assert errands.metric() == "credits"
    path.unlink()
    assert looks() == [True, False]
    assert errands.metric() == "cost"


def test_settings_that_cannot_be_are_told_and_not_overwritten(
    user: Sandbox, errands: TrayErrands
) -> None:
    path = user.configure('[tray]\nmetric = "gold"\n')
    does: list[Callable[[], object]] = [errands.metric, lambda: errands.set_metric("tokens")]
    for do in does:
        with pytest.raises(AmpTrayError, match=r"line 2: tray\.metric"):
            do()
    assert path.read_text("utf-8") == '[tray]\nmetric = "gold"\n'


def test_a_variable_goes_over_the_settings_and_is_named(user: Sandbox, opened: Opened) -> None:
    user.env["AMP_TRAY_METRIC"] = "tokens"
    errands = TrayErrands(user.program, Desktop(user.env, "linux", opened.launch))
    assert errands.metric() == "tokens"
    with pytest.raises(AmpTrayError, match="AMP_TRAY_METRIC is set"):
        errands.set_metric("cost")
    user.env["AMP_TRAY_METRIC"] = "gold"
    with pytest.raises(AmpTrayError, match="AMP_TRAY_METRIC is 'gold'"):
        user.program.check()


def test_the_start_at_login_is_turned_on_and_off(user: Sandbox, errands: TrayErrands) -> None:
    assert errands.login_start() == LoginStart(on=False)
    errands.set_login_start(on=True)
    assert errands.login_start() == LoginStart(on=True)
    assert user.program.start_at_login.status().enabled
    errands.set_login_start(on=False)
    assert errands.login_start() == LoginStart(on=False)
