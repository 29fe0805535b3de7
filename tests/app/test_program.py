"""What the environment configures."""

from pathlib import Path

import pytest

from amp_tray.app.program import Program
from amp_tray.core.errors import UsageError
from amp_tray.live.file_state import MIB
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox


@pytest.mark.parametrize(
    ("said", "expected"), [(None, 50), ("", 50), (" 7 ", 7), ("1", 1), ("4096", 4096)]
)
def test_the_largest_file_that_is_read(said: str | None, expected: int) -> None:
    env = {} if said is None else {"AMP_TRAY_MAX_FILE_MB": said}
    assert Program(env, Path("/home/u")).max_file_bytes == expected * MIB


@pytest.mark.parametrize("said", ["0", "-1", "1.5", "50M", "x", "99999999999999999999", "²"])
def test_what_is_no_size_is_refused_with_what_would_be_one(said: str) -> None:
    with pytest.raises(UsageError) as refused:
        _ = Program({"AMP_TRAY_MAX_FILE_MB": said}, Path("/home/u")).max_file_bytes
    assert refused.value.message == f"AMP_TRAY_MAX_FILE_MB is {said!r}"
    assert "from 1 to 4,096" in refused.value.hint


@pytest.mark.parametrize(
    ("said", "wish"), [("", "auto"), (" Auto ", "auto"), ("native", "native"), ("poll", "poll")]
)
def test_how_the_directories_are_watched(said: str, wish: str) -> None:
    assert Program({"AMP_TRAY_WATCH": said}, Path("/home/u")).watch_wish == wish
    with pytest.raises(UsageError, match="AMP_TRAY_WATCH is 'inotify'"):
        Program({"AMP_TRAY_WATCH": "inotify"}, Path("/home/u")).check()


def test_a_file_over_the_users_limit_is_told_in_the_report() -> None:
    with Sandbox() as user:
        user.write(thread(answer(now())))
        user.write(thread(answer(now()), thread_id="T-large", title="x" * MIB))
        user.env["AMP_TRAY_MAX_FILE_MB"] = "1"
        document = user.report("daily")
    assert document["totals"]["totalTokens"] == 6110
    (told,) = document["meta"]["diagnostics"]
    assert (told["code"], told["path"]) == ("too-large", str(user.threads / "T-large.json"))
    assert told["message"] == "the file is not read: it has 1.0 MiB, and the limit is 1 MiB"


def test_a_limit_that_is_none_is_wrong_usage() -> None:
    with Sandbox() as user:
        done = user.run("report", env={"AMP_TRAY_MAX_FILE_MB": "many"})
    assert done.returncode == 2
    assert "AMP_TRAY_MAX_FILE_MB is 'many'" in done.stderr
