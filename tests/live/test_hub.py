"""The snapshot hub."""

import logging

import pytest

from amp_tray.core.snapshot import PricingInfo, Snapshot
from amp_tray.live.hub import SnapshotHub

FIRST = Snapshot(1, {}, (), PricingInfo("bundled", "2026-01-01"), ("amp",))


def test_a_snapshot_is_told_to_every_listener_until_it_leaves() -> None:
    hub = SnapshotHub()
    assert (hub.current, hub.revision) == (None, 0)
    heard: list[str] = []
    leave = hub.subscribe(lambda: heard.append("one"))
    hub.subscribe(lambda: heard.append("two"))
    hub.publish(FIRST)
    assert (hub.current, hub.revision, heard) == (FIRST, 1, ["one", "two"])
    leave()
    leave()
    hub.publish(FIRST._replace(revision=2))
    assert heard == ["one", "two", "two"]


def test_confirming_tells_nobody() -> None:
    hub = SnapshotHub()
    hub.publish(FIRST)
    heard: list[int] = []
    hub.subscribe(lambda: heard.append(hub.revision))
    hub.confirm(FIRST._replace(scanned_at=5))
    assert hub.current == FIRST._replace(scanned_at=5)
    assert heard == []


def test_a_listener_that_fails_keeps_nobody_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    hub = SnapshotHub()
    heard: list[int] = []

    def fail() -> None:
        raise RuntimeError

    hub.subscribe(fail)
    hub.subscribe(lambda: heard.append(hub.revision))
    with caplog.at_level(logging.ERROR):
        hub.publish(FIRST)
    assert heard == [1]
    assert "listener failed" in caplog.text


def test_a_listener_may_leave_while_it_is_told() -> None:
    hub = SnapshotHub()
    heard: list[str] = []

    def hear_once() -> None:
        heard.append("one")
        leave()

    leave = hub.subscribe(hear_once)
    hub.subscribe(lambda: heard.append("two"))
    hub.publish(FIRST)
    hub.publish(FIRST._replace(revision=2))
    assert heard == ["one", "two", "two"]
