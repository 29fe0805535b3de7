"""Warnings of hostile peers: each once in a while, with how often it was not said."""

import pytest

from amp_tray_rpc.complaints import Complaints


def test_the_same_is_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    complaints = Complaints(lambda: now)
    for _ in range(1000):
        complaints.note("a")
    complaints.note("b")
    now = 60.0
    complaints.note("a")
    complaints.note("b")
    assert caplog.messages == ["a", "b", "a (and 999 times since it was last said)", "b"]
