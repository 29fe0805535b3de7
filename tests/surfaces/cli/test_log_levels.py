"""`LOG_LEVEL`: from nothing but the document to every step."""

import json

import pytest

from amp_tray.core.errors import UsageError
from amp_tray.host.log_levels import LEVELS, log_level
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox


@pytest.mark.parametrize("level", LEVELS)
def test_the_document_is_the_same_at_every_level(user: Sandbox, level: str) -> None:
    user.write(thread(answer(now())))
    user.write_bytes("T-broken.json", b"{")
    done = user.run("report", "daily", "--json", env={"LOG_LEVEL": level})
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert document["totals"]["totalTokens"] > 0
    assert len(document["meta"]["diagnostics"]) == 1
    if LEVELS[level] == 0:
        assert done.stderr == ""
    assert ("no service at" in done.stderr) is (LEVELS[level] >= 4)


def test_silent_leaves_errors_of_use_alone(user: Sandbox) -> None:
    quiet = {"LOG_LEVEL": "silent"}
    user.write_bytes("T-broken.json", b"{")
    assert user.run("report", "daily", env=quiet).stderr == ""
    failed = user.run("report", "session", "no-such", env=quiet)
    assert (failed.returncode, failed.stderr) == (1, "")
    wrong = user.run("report", "--since", "soon", env=quiet)
    assert wrong.returncode == 2
    assert "'soon'" in wrong.stderr


def test_a_level_that_is_none_is_an_error_of_use(user: Sandbox) -> None:
    done = user.run("report", env={"LOG_LEVEL": "loud"})
    assert (done.returncode, done.stdout) == (2, "")
    assert "LOG_LEVEL is 'loud'" in done.stderr
    assert "silent" in done.stderr


def test_levels_are_numbers_and_names() -> None:
    assert [log_level({"LOG_LEVEL": text}) for text in ("", "0", "5", "Warn", " trace ")] == [
        *(2, 0, 5, 2, 5)
    ]
    with pytest.raises(UsageError):
        log_level({"LOG_LEVEL": "6"})
