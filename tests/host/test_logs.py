"""The log file: where it lies, whose it is, how large it gets and what it never says."""

import logging
import os
from pathlib import Path

import pytest

from amp_tray.host.log_levels import DEBUG, ERROR, INFO, SILENT, WARN
from amp_tray.host.logs import LOG_NAME, log_to, set_level, state_directory

SECRET = "what a user typed"
MIB = 1024 * 1024

log = logging.getLogger("amp_tray.test")


@pytest.fixture(autouse=True)
def without_handlers(logging_as_it_was: None) -> None:
    logging.getLogger().handlers = []


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "/home/u/.local/state/amp-tray"),
        ({"XDG_STATE_HOME": "/s"}, "/s/amp-tray"),
        ({"XDG_STATE_HOME": "relative"}, "/home/u/.local/state/amp-tray"),
        ({"XDG_STATE_HOME": "/s", "AMP_TRAY_DATA_DIR": "/d"}, "/d"),
    ],
)
def test_where_it_lies(env: dict[str, str], expected: str) -> None:
    assert state_directory(env, Path("/home/u"), "linux") == Path(expected)


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
@pytest.mark.parametrize("umask", [0o000, 0o777])
def test_it_is_its_users_alone(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "state/amp-tray" / LOG_NAME
    (tmp_path / "state").mkdir()
    before = os.umask(umask)
    try:
        log_to(path, WARN, stderr=False)
        log.info("begins")
    finally:
        os.umask(before)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o077 == 0


def test_an_entry_is_a_line_in_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log_to(tmp_path / LOG_NAME, WARN, stderr=False)
    log.info("begins")
    (line,) = (tmp_path / LOG_NAME).read_text("utf-8").splitlines()
    stamp, rest = line[:24], line[24:]
    assert stamp.endswith("Z")
    assert stamp[10] == "T"
    assert rest == " INFO amp_tray.test: begins"


def test_what_an_exception_says_is_left_out_and_where_it_came_from_is_told(tmp_path: Path) -> None:
    log_to(tmp_path / LOG_NAME, WARN, stderr=False)
    try:
        int(SECRET)
    except ValueError:
        log.exception("it failed")
    said = (tmp_path / LOG_NAME).read_text("utf-8")
    assert SECRET not in said
    assert "ValueError" in said
    assert f'File "{__file__}"' in said


def test_a_name_with_a_line_feed_looks_like_no_entry_of_its_own(tmp_path: Path) -> None:
    log_to(tmp_path / LOG_NAME, WARN, stderr=False)
    log.warning("%s was not read", "T-\n2026-01-01T00:00:00.000Z ERROR forged\x1b[2J\ud800.json")
    first, second = (tmp_path / LOG_NAME).read_text("utf-8").splitlines()
    assert first.endswith("T-")
    assert second.startswith("    2026")
    assert "\x1b" not in second


def test_three_files_of_a_mebibyte_are_the_most(tmp_path: Path) -> None:
    log_to(tmp_path / LOG_NAME, WARN, stderr=False)
    for _ in range(5 * 9):
        log.info("x" * (MIB // 8))
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {LOG_NAME, f"{LOG_NAME}.1", f"{LOG_NAME}.2"}
    assert max(sizes.values()) <= MIB


def test_two_writers_follow_each_others_rotation(tmp_path: Path) -> None:
    log_to(tmp_path / LOG_NAME, WARN, stderr=False)
    log.info("one")
    (tmp_path / LOG_NAME).rename(tmp_path / f"{LOG_NAME}.1")
    log.info("two")
    assert "two" in (tmp_path / LOG_NAME).read_text("utf-8")
    (tmp_path / LOG_NAME).unlink()
    log.info("three")
    assert "three" in (tmp_path / LOG_NAME).read_text("utf-8")


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    log_to(tmp_path / "file/log" / LOG_NAME, WARN, stderr=True)
    log.warning("it goes on")
    said = capsys.readouterr().err
    assert "no log is written" in said
    assert "it goes on" in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux's device that is always full")
def test_a_full_disk_stops_nothing_and_is_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / LOG_NAME).symlink_to("/dev/full")
    log_to(tmp_path / LOG_NAME, WARN, stderr=False)
    for _ in range(3):
        log.error("it goes on")
    assert capsys.readouterr().err == ""
    assert list(tmp_path.iterdir()) == [tmp_path / LOG_NAME]


@pytest.mark.parametrize(
    ("level", "shown", "written"),
    [
        (SILENT, "", "IWE"),
        (ERROR, "E", "IWE"),
        (WARN, "WE", "IWE"),
        (INFO, "IWE", "IWE"),
        (DEBUG, "DIWE", "DIWE"),
    ],
)
def test_the_level_is_for_stderr_and_the_file_has_at_least_what_is_of_interest_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], level: int, shown: str, written: str
) -> None:
    log_to(tmp_path / LOG_NAME, WARN, stderr=True)
    set_level(level)  # as a reload does
    for number, name in ((10, "D"), (20, "I"), (30, "W"), (40, "E")):
        log.log(number, "entry %s", name)

    def entries(text: str) -> str:
        return "".join(line[-1] for line in text.splitlines())

    assert entries(capsys.readouterr().err) == shown
    assert entries((tmp_path / LOG_NAME).read_text("utf-8")) == written
