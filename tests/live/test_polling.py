"""Changes found by looking: what a look sees, what two of them differ in, how often they are."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from amp_tray.live.changes import RESCAN, Changed
from amp_tray.live.polling import Sighting, compare, look, next_pause
from tests.support.scans import put
from tests.support.threads import answer, thread


def see(*folders: Path) -> Sighting:
    return look(folders, lambda name: name.endswith(".json"))


def test_a_look_sees_logs_near_and_below(tmp_path: Path) -> None:
    path = put(tmp_path, thread())
    (path.parent / "archive").mkdir()
    (path.parent / "notes.txt").touch()
    seen = see(path.parent, tmp_path / "missing")
    assert set(seen.files) == {str(path)}
    assert set(seen.folders) == {path.parent, path.parent / "archive", tmp_path / "missing"}
    assert seen.folders[tmp_path / "missing"] is None


def test_nothing_happened(tmp_path: Path) -> None:
    path = put(tmp_path, thread())
    assert compare(see(path.parent), see(path.parent)) is None


def test_changed_new_and_vanished_logs_are_told_by_their_paths(tmp_path: Path) -> None:
    kept, changed, gone = (put(tmp_path, thread(), name) for name in ("T-1", "T-2", "T-3"))
    before = see(kept.parent)
    put(tmp_path, thread(answer()), "T-2")
    gone.unlink()
    new = put(tmp_path, thread(), "T-4")
    assert compare(before, see(kept.parent)) == Changed(frozenset({changed, gone, new}))


def test_a_file_of_the_same_size_and_time_is_another_by_its_inode(tmp_path: Path) -> None:
    path = put(tmp_path, thread())
    before, times = see(path.parent), path.stat()
    put(tmp_path, thread())
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert compare(before, see(path.parent)) == Changed(frozenset({path}))


@pytest.mark.skipif(os.name != "posix", reason="making links takes rights elsewhere")
def test_directories_that_come_go_or_are_replaced_ask_for_a_rescan(tmp_path: Path) -> None:
    folder = tmp_path / "threads"
    folder.symlink_to(tmp_path / "one")
    sightings = [see(folder)]
    (tmp_path / "one/archive").mkdir(parents=True)
    sightings.append(see(folder))
    (tmp_path / "one/archive").rmdir()
    sightings.append(see(folder))
    (tmp_path / "two").mkdir()
    folder.unlink()
    folder.symlink_to(tmp_path / "two")
    sightings.append(see(folder))
    for before, after in pairwise(sightings):
        assert compare(before, after) == RESCAN
        assert compare(after, before) == RESCAN


def test_a_log_that_cannot_be_asked_for_is_there(tmp_path: Path) -> None:
    path = put(tmp_path, thread())
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    assert see(path.parent).files == {str(path): None}


def test_looks_are_rare_when_nothing_changes_and_often_when_something_does() -> None:
    pauses = [2.0]
    while len(pauses) < 9:
        pauses.append(next_pause(pauses[-1], changed=False, took=0.01))
    assert [round(pause, 1) for pause in pauses] == [2, 3, 4.5, 6.8, 10.1, 15.2, 22.8, 30, 30]
    assert next_pause(30.0, changed=True, took=0.01) == 2.0


def test_slow_looks_take_a_fiftieth_of_the_time() -> None:
    assert next_pause(2.0, changed=True, took=0.2) == 10.0
    assert next_pause(30.0, changed=False, took=2.0) == 100.0
