"""What refreshes brought: kept whole whatever happens, refused where it is not ours."""

import errno
import json
import os
import random
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from amp_tray.pricing import downloads as module
from amp_tray.pricing.downloads import (
    DamagedDownloadsError,
    Downloads,
    DownloadsError,
    Layer,
    NewerDownloadsError,
    read_downloads,
    set_aside,
    write_downloads,
)

SECONDS = 10.0
NOW = int(datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC).timestamp() * 1000)
FIRST = Layer("2026-11-20", {"model-b": "vendor | 2026-11-20 3/15", "model-a": "…"}, ("model-c",))
SECOND = Layer("2026-11-22", {"model-a": 'a "quoted"\n\u2028 text'})
KEPT = Downloads(
    url="https://prices.example/list.json",
    etag='W/"v1"',
    checked_at=NOW - 1,
    tried_at=NOW,
    failure="the prices could not be fetched: cannot reach prices.example",
    retry_soon=True,
    layers=(FIRST, SECOND),
)

# Writes the second state over the first, and stops for good where it is told to.
WRITE_AND_STOP = """
import os, sys
from pathlib import Path
from amp_tray.pricing.downloads import read_downloads, write_downloads
path, name, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
known = read_downloads(path)
do = getattr(os, name)
def stop(*arguments, **named):
    global times
    if times == 0:
        print("stopped", flush=True)
        sys.stdin.read()
    times -= 1
    return do(*arguments, **named)
setattr(os, name, stop)
write_downloads(path, known._replace(etag="new"))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "prices.json"


def names(directory: Path) -> list[str]:
    return sorted(entry.name for entry in directory.iterdir())


def written(path: Path) -> dict[str, Any]:
    document = json.loads(path.read_bytes())
    assert isinstance(document, dict)
    return document


def spoil(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


class TestKeeping:
    def test_what_is_written_is_read(self, path: Path) -> None:
        for downloads in (Downloads(), Downloads(layers=(FIRST,)), KEPT):
            write_downloads(path, downloads)
            assert read_downloads(path) == downloads
        assert names(path.parent) == ["prices.json"]

    def test_no_file_is_nothing_to_remember(self, path: Path) -> None:
        assert read_downloads(path) == Downloads()
        assert not path.parent.exists()

    def test_a_layer_is_a_line_of_which_no_byte_changes(self, path: Path) -> None:
        write_downloads(path, Downloads(layers=(FIRST, SECOND)))
        before = path.read_bytes().split(b"\n")
        known = read_downloads(path)
        third = Layer("2026-11-23", {}, ("model-a", "model-b"))
        write_downloads(path, Downloads(etag="new", layers=(*known.layers, third)))
        after = path.read_bytes().split(b"\n")
        assert after[1] == before[1]
        assert after[2] == before[2] + b","
        assert json.loads(after[3]) == {
            "asOf": "2026-11-23",
            "cards": {},
            "gone": ["model-a", "model-b"],
        }
        assert [len(before), len(after)] == [5, 6]  # a head, the layers, an end and nothing
        write_downloads(path, read_downloads(path))
        assert path.read_bytes().split(b"\n") == after

    def test_people_can_read_it(self, path: Path) -> None:
        write_downloads(path, KEPT)
        document = written(path)
        assert document.pop("layers")[0] == {
            "asOf": "2026-11-20",
            "cards": {"model-b": "vendor | 2026-11-20 3/15", "model-a": "…"},
            "gone": ["model-c"],
        }
        assert document == {
            "schema": 1,
            "url": "https://prices.example/list.json",
            "etag": 'W/"v1"',
            "checkedAt": NOW - 1,
            "triedAt": NOW,
            "refused": {},
            "failure": "the prices could not be fetched: cannot reach prices.example",
            "retrySoon": True,
        }

    def test_a_failure_is_kept_as_one_harmless_line(self, path: Path) -> None:
        write_downloads(path, Downloads(failure="no\x1b[31m\n" + "x" * 2000))
        failure = read_downloads(path).failure
        assert failure is not None
        assert failure.startswith("no xxx")
        assert len(failure) == 1000

    @pytest.mark.parametrize(
        "downloads",
        [
            Downloads(url="https://\udcff"),
            Downloads(url="x" * 4097),
            Downloads(etag="x" * 257),
            Downloads(checked_at=-1),
            Downloads(tried_at=2**63),
            Downloads(layers=(Layer("22.11.2026"),)),
            Downloads(layers=(Layer("2026-11-22", {"": "…"}),)),
            Downloads(layers=(Layer("2026-11-22", {"model-a": "x" * 8193}),)),
            Downloads(layers=(Layer("2026-11-22", {}, ("x" * 257,)),)),
        ],
    )
    def test_what_could_not_be_read_again_is_not_written(
        self, path: Path, downloads: Downloads
    ) -> None:
        write_downloads(path, KEPT)
        with pytest.raises(DownloadsError, match=r"prices\.json was not written: ."):
            write_downloads(path, downloads)
        assert read_downloads(path) == KEPT
        assert names(path.parent) == ["prices.json"]

    def test_what_is_too_large_is_not_written(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_downloads(path, KEPT)
        monkeypatch.setattr(module, "MOST_BYTES", path.stat().st_size)
        assert read_downloads(path) == KEPT
        with pytest.raises(DownloadsError, match="larger than"):
            write_downloads(path, Downloads(layers=(FIRST, SECOND) * 2))
        monkeypatch.setattr(module, "MOST_BYTES", path.stat().st_size - 1)
        with pytest.raises(DamagedDownloadsError, match="larger than"):
            read_downloads(path)


class TestOnDisk:
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
    def test_it_is_the_users_alone_whatever_the_umask(self, path: Path) -> None:
        umask = os.umask(0)
        try:
            write_downloads(path, KEPT)
        finally:
            os.umask(umask)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    def test_it_is_on_the_disk_before_it_takes_its_place(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[str] = []
        sync, replace = os.fsync, os.replace

        def note_sync(descriptor: int) -> None:
            done.append("directory" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
            sync(descriptor)

        def note_replace(*arguments: Any) -> None:
            done.append("replace")
            replace(*arguments)

        monkeypatch.setattr(os, "fsync", note_sync)
        monkeypatch.setattr(os, "replace", note_replace)
        write_downloads(path, KEPT)
        at_the_end = [] if sys.platform == "win32" else ["directory"]
        assert done == ["file", "replace", *at_the_end]

    @pytest.mark.parametrize("name", ["fsync", "replace"])
    def test_a_disk_that_is_full_costs_nothing(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        write_downloads(path, KEPT)

        def fail(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(os, name, fail)
            with pytest.raises(DownloadsError) as caught:
                write_downloads(path, Downloads())
        assert caught.value.message == f"{path} cannot be written: No space left on device"
        assert "permissions" in caught.value.hint
        assert read_downloads(path) == KEPT
        assert names(path.parent) == ["prices.json"]

    def test_a_file_system_that_syncs_no_directory_will_do(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sync = os.fsync

        def refuse(descriptor: int) -> None:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "Invalid argument")
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", refuse)
        write_downloads(path, KEPT)
        assert read_downloads(path) == KEPT

    def test_a_place_that_is_none_is_told_of(self, path: Path) -> None:
        path.parent.write_bytes(b"a file, where the directory should be")
        with pytest.raises(DownloadsError, match=r"prices\.json cannot be written"):
            write_downloads(path, KEPT)
        with pytest.raises(DownloadsError, match=r"prices\.json cannot be read") as caught:
            read_downloads(path)
        assert type(caught.value) is DownloadsError  # nothing that is to be set aside

    def test_a_directory_in_its_place_is_not_damage(self, path: Path) -> None:
        path.mkdir(parents=True)
        with pytest.raises(DownloadsError) as caught:
            read_downloads(path)
        assert type(caught.value) is DownloadsError

    @pytest.mark.parametrize(
        ("at", "times", "is_whole"),
        [
            ("fsync", 0, "the old one"),
            ("replace", 0, "the old one"),
            ("fsync", 1, "the new one"),  # that of the directory
        ],
    )
    def test_a_kill_leaves_the_old_file_or_the_new(
        self, path: Path, at: str, times: int, is_whole: str
    ) -> None:
        write_downloads(path, KEPT)
        old = path.read_bytes()
        command = [sys.executable, "-c", WRITE_AND_STOP, str(path), at, str(times)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "stopped\n"
            process.kill()
            process.wait(SECONDS)
        left = [name for name in names(path.parent) if name != "prices.json"]
        if is_whole == "the old one":
            assert path.read_bytes() == old
            assert [name.endswith(".part") for name in left] == [True]
        else:
            assert read_downloads(path).etag == "new"
            assert left == []
        assert read_downloads(path).layers == KEPT.layers
        write_downloads(path, KEPT)  # and the next one cleans up
        assert path.read_bytes() == old
        assert names(path.parent) == ["prices.json"]


class TestDamage:
    @pytest.mark.parametrize(
        "content",
        [
            *(b"", b" ", b"\x00" * 100, b"\xff\xfe", b"null", b"[]", b"1", b'"schema"', b"{}"),
            *(b'{"schema":1}', b'{"schema":0}', b'{"schema":true}', b'{"schema":"2"}'),
            *(b'{"schema":1.5}', b'{"schema":-1}', b'{"schema":1e400}', b'{"schema":NaN}'),
            b'{"schema":' + b"9" * 5000 + b"}",
            b'{"schema":1,"layers":' + b"[" * 100_000,
            b'{"sample_spec": {"mode": "chat"}}',
            b"<!DOCTYPE html>",
            b"\xef\xbb\xbf{}",
        ],
    )
    def test_is_told_of_whatever_the_bytes(self, path: Path, content: bytes) -> None:
        spoil(path, content)
        with pytest.raises(DamagedDownloadsError) as caught:
            read_downloads(path)
        assert caught.value.title == "the fetched prices are damaged"
        assert caught.value.message.startswith(f"{path}: ")
        assert caught.value.message.isprintable()
        assert len(caught.value.message) < len(f"{path}") + 210
        assert path.read_bytes() == content

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("url", None),
            ("url", "x" * 4097),
            ("etag", "x" * 257),
            ("etag", 1),
            ("checkedAt", -1),
            ("checkedAt", 253_402_300_800_000),
            ("checkedAt", 1.5),
            ("triedAt", "2026-11-22"),
            ("failure", "x" * 1001),
            ("retrySoon", 1),
            ("layers", None),
            ("layers", {}),
            ("layers", [[]]),
            ("layers", [{"asOf": "2026-11-22", "cards": {}}]),
            ("layers", [{"asOf": "2026-11-22", "cards": {}, "gone": [], "more": 1}]),
            ("layers", [{"asOf": "2026-11-22", "cards": {"model-a": 1}, "gone": []}]),
            ("layers", [{"asOf": "2026-11-22", "cards": {"model-a": ""}, "gone": []}]),
            ("layers", [{"asOf": "2026-11-22", "cards": {"x" * 257: "…"}, "gone": []}]),
            ("layers", [{"asOf": "2026-11-22", "cards": {}, "gone": [""]}]),
            *(
                ("layers", [{"asOf": day, "cards": {}, "gone": []}])
                for day in ("", "2026-02-30", "20261122", "2026-W47-7", "2026-11-22\n", 20261122)
            ),
            ("\x1b[31m", 1),
        ],
    )
    def test_is_a_member_that_cannot_be(self, path: Path, member: str, value: object) -> None:
        write_downloads(path, KEPT)
        spoil(path, json.dumps(written(path) | {member: value}).encode())
        with pytest.raises(DamagedDownloadsError) as caught:
            read_downloads(path)
        assert caught.value.message.isprintable()

    @pytest.mark.parametrize(
        "member", ["schema", "url", "etag", "checkedAt", "triedAt", "failure", "retrySoon"]
    )
    def test_is_a_member_that_is_missing(self, path: Path, member: str) -> None:
        write_downloads(path, KEPT)
        document = written(path)
        del document[member]
        spoil(path, json.dumps(document).encode())
        with pytest.raises(DamagedDownloadsError, match=f"missing required field `{member}`"):
            read_downloads(path)

    def test_is_never_a_traceback(self, path: Path) -> None:
        write_downloads(path, KEPT)
        whole = path.read_bytes()
        chance = random.Random(20_261_122)
        outcomes: set[type[object]] = set()
        for _ in range(500):
            content = bytearray(whole[: chance.choice([len(whole), chance.randrange(len(whole))])])
            for _ in range(chance.randrange(3)):
                at = chance.randrange(len(content) + 1)
                content[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
            spoil(path, bytes(content))
            try:
                outcomes.add(type(read_downloads(path)))
            except DownloadsError as error:
                outcomes.add(type(error))
        assert outcomes >= {Downloads, DamagedDownloadsError}

    @pytest.mark.parametrize(
        "content", [b'{"schema":2}', b'{"layers":{"all":"else"},"schema":2000000000,"new":[1]}']
    )
    def test_is_not_what_a_newer_version_wrote(self, path: Path, content: bytes) -> None:
        spoil(path, content)
        with pytest.raises(NewerDownloadsError, match=r"prices\.json: it has schema 2") as caught:
            read_downloads(path)
        assert caught.value.hint == "update amp-tray"
        assert path.read_bytes() == content
        assert names(path.parent) == ["prices.json"]


class TestSettingAside:
    def test_keeps_every_damaged_file(self, path: Path) -> None:
        found = []
        for content in (b"one", b"two", b"three"):
            spoil(path, content)
            found.append(set_aside(path, NOW))
            assert not path.exists()
        assert [aside.name for aside in found] == [
            "prices.damaged-20261122T030405Z.json",
            "prices.damaged-20261122T030405Z-2.json",
            "prices.damaged-20261122T030405Z-3.json",
        ]
        assert [aside.read_bytes() for aside in found] == [b"one", b"two", b"three"]

    def test_leaves_nothing_where_there_is_nothing(self, path: Path) -> None:
        path.parent.mkdir()
        with pytest.raises(DownloadsError, match=r"prices\.json cannot be set aside"):
            set_aside(path, NOW)
        assert names(path.parent) == []
