"""When a changed file is read again, on a clock that the test turns."""

from pathlib import Path

from amp_tray.live.settle import Settling

A, B = Path("/amp/a.json"), Path("/amp/b.json")


def read(settling: Settling, now: float, *, took: float, worked: float) -> frozenset[Path]:
    paths = settling.take(now)
    settling.was_read(paths, began=now, ended=now + took, worked=worked)
    return paths


def test_a_change_out_of_quiet_is_read_at_once() -> None:
    settling = Settling()
    assert settling.next_at() is None
    assert settling.take(100.0) == frozenset()
    settling.note([A])
    assert settling.next_at() == 0.0
    assert settling.take(100.0) == {A}
    assert settling.next_at() is None


def test_the_last_change_is_read_when_the_pause_is_over() -> None:
    settling = Settling()
    settling.note([A])
    read(settling, 100.0, took=0.01, worked=0.01)
    settling.note([A])
    settling.note([A])
    assert settling.take(100.149) == frozenset()
    assert settling.next_at() == 100.15
    assert settling.take(100.15) == {A}
    assert settling.take(200.0) == frozenset()


def test_the_pause_grows_with_the_work_and_with_the_wait() -> None:
    settling = Settling()
    settling.note([A])
    read(settling, 100.0, took=0.06, worked=0.05)
    settling.note([A])
    assert settling.next_at() == 100.2  # four times the work
    read(settling, 101.0, took=1.0, worked=0.05)
    settling.note([A])
    assert settling.next_at() == 103.0  # twice the time of a slow disk


def test_another_file_does_not_wait() -> None:
    settling = Settling()
    settling.note([A])
    read(settling, 100.0, took=0.5, worked=0.5)
    settling.note([A, B])
    assert settling.next_at() == 0.0
    assert settling.take(100.5) == {B}
    assert settling.next_at() == 102.0


def test_files_that_are_read_together_share_the_pause() -> None:
    settling = Settling()
    settling.note([A, B])
    assert read(settling, 100.0, took=1.0, worked=1.0) == {A, B}
    settling.note([B])
    assert settling.next_at() == 104.0


def test_a_stream_costs_a_quarter_of_a_core_and_each_state_is_known_within_300_ms() -> None:
    """20 s of a file rewritten ten times a second whose reading takes 50 ms."""
    settling = Settling()
    written, seen, worked = 0, 0, 0.0
    unseen_since, longest = None, 0.0
    for millisecond in range(21_000):
        now = millisecond / 1000
        if millisecond % 100 == 0 and millisecond < 20_000:
            written += 1
            unseen_since = now if unseen_since is None else unseen_since
            settling.note([A])
        if settling.take(now):
            seen, worked = written, worked + 0.05
            settling.was_read([A], began=now, ended=now + 0.05, worked=0.05)
            assert unseen_since is not None
            longest, unseen_since = max(longest, now + 0.05 - unseen_since), None
    assert longest <= 0.3
    assert seen == written == 200
    assert 4.5 < worked <= 5.1
