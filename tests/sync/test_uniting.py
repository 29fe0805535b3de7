"""A thread that Amp once wrote, and its export: one thread, each call once."""

from pathlib import Path
from typing import Any

from tests.support.scans import codes, figures, put, scanned, total_tokens
from tests.support.threads import ID, answer, event, thread


def both(tmp_path: Path, original: dict[str, Any], export: dict[str, Any]) -> dict[str, Any]:
    put(tmp_path / "amp", original)
    put(tmp_path / "archive/amp", export)
    snapshot = scanned(None, tmp_path / "amp", tmp_path / "archive/amp")
    assert codes(snapshot) == []
    # However they are read: one after the other, with a ledger, as well.
    ledger = tmp_path / "ledger.db"
    scanned(ledger, tmp_path / "amp")
    later = scanned(ledger, tmp_path / "amp", tmp_path / "archive/amp")
    assert figures(later) == figures(snapshot)
    return figures(snapshot)


def test_messages_that_an_export_renumbers_count_once(tmp_path: Path) -> None:
    original = thread(answer(1), answer(3, 1, 2, 3, 4), v=5)
    export = thread(answer("M-a"), answer("M-b", 1, 2, 3, 4), v=9)
    assert both(tmp_path, original, export)["totals"]["totalTokens"] == 110


def test_what_was_written_since_is_added(tmp_path: Path) -> None:
    original = thread(answer(1), v=5)
    export = thread(answer("M-a"), answer("M-b", 1, 2, 3, 4), answer("M-c"), v=9)
    assert both(tmp_path, original, export)["totals"]["totalTokens"] == 210


def test_the_bills_of_the_original_stay_beside_an_export_without_any(tmp_path: Path) -> None:
    bills = [event("e1", 10, 20, toMessageId=1, credits=2.5, timestamp="2026-01-05T10:00:00Z")]
    original = thread(answer(1), events=bills, v=5)
    export = thread(answer("M-a"), answer("M-b", 1, 2, 3, 4), v=9)
    found = both(tmp_path, original, export)
    assert (found["totals"]["totalTokens"], found["totals"]["credits"]) == (110, 2.5)
    assert list(found["sessions"]) == [ID]


def test_an_export_alone_keeps_counting_when_the_original_goes(tmp_path: Path) -> None:
    path = put(tmp_path / "amp", thread(answer(1), v=5))
    put(tmp_path / "archive/amp", thread(answer("M-a"), v=9))
    ledger = tmp_path / "ledger.db"
    roots = (tmp_path / "amp", tmp_path / "archive/amp")
    assert total_tokens(scanned(ledger, *roots)) == 100
    path.unlink()
    assert total_tokens(scanned(ledger, *roots)) == 100
