"""What a tray tells other processes of itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from amp_tray.app.tray_report import REPORT_NAME, TrayReport, read_tray_report
from amp_tray.surfaces.cli.tray_line import tray_line
from amp_tray.surfaces.tray.backends.base import SHOWN
from amp_tray.surfaces.tray.backends.choice import BackendChoice, BackendKind

THEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOW = THEN + timedelta(minutes=5)


@pytest.fixture
def report(tmp_path: Path) -> TrayReport:
    choice = BackendChoice(BackendKind.STATUS_NOTIFIER, "a bus is there")
    return TrayReport(tmp_path, choice, pid=42, clock=lambda: THEN)


def test_the_process_that_holds_the_lock_is_believed(tmp_path: Path, report: TrayReport) -> None:
    report.tell(SHOWN)
    told = read_tray_report(tmp_path, 42)
    assert told is not None
    assert (told["backend"], told["reason"]) == ("status-notifier", "a bus is there")
    assert (told["shown"], told["standing"]) == (True, "shown")
    assert told["since"] == THEN.isoformat(timespec="milliseconds")
    assert read_tray_report(tmp_path, 43) is None
    assert read_tray_report(tmp_path, None) is None


def test_nothing_is_left_of_a_tray_that_ended(tmp_path: Path, report: TrayReport) -> None:
    report.remove()
    report.remove()
    assert list(tmp_path.iterdir()) == []
    assert read_tray_report(tmp_path, 42) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"pid": "42"}'])
def test_a_file_of_something_else_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / REPORT_NAME).write_text(text, "utf-8")
    assert read_tray_report(tmp_path, 42) is None


def test_a_directory_that_cannot_be_written_keeps_no_tray_from_running(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    choice = BackendChoice(BackendKind.GTK, "")
    report = TrayReport(tmp_path / "file", choice, pid=42, clock=lambda: THEN)
    report.tell(SHOWN)
    report.remove()


def test_the_line_tells_how_it_is_shown_and_why(report: TrayReport, tmp_path: Path) -> None:
    report.tell(SHOWN)
    told = read_tray_report(tmp_path, 42)
    assert told is not None
    assert tray_line(told, NOW) == (
        "Tray       runs (pid 42), shown (5 min ago); status-notifier: a bus is there"
    )


def test_the_line_of_a_tray_that_does_not_run_tells_what_it_would_be() -> None:
    state = {"pid": None, "backend": None, "reason": "no display", "standing": None, "since": None}
    assert tray_line(state, NOW) == "Tray       does not run; no tray: no display"
    running = {**state, "pid": 7, "standing": "shown\x1b[31m", "since": "soon"}
    assert tray_line(running, NOW) == "Tray       runs (pid 7), shown; no tray: no display"
