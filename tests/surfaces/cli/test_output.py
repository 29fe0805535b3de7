"""Files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from amp_tray.surfaces.cli.output import OutputError, write_file, write_to


def test_a_file_is_made_with_the_rights_that_new_files_have(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "new", b"text")
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == b"text"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [tmp_path / "new"]


def test_a_file_is_replaced_and_keeps_its_rights_and_the_links_to_it(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("before")
    (tmp_path / "there").chmod(0o600)
    (tmp_path / "link").symlink_to("there")
    write_file(tmp_path / "link", b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_bytes() == b"after"
    assert stat.S_IMODE((tmp_path / "there").stat().st_mode) == 0o600


def test_a_file_that_cannot_be_replaced_is_as_it_was_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").write_text("before")

    def refuse(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match="no space left on device"):
        write_file(tmp_path / "there", b"after")
    assert (tmp_path / "there").read_text() == "before"
    assert list(tmp_path.iterdir()) == [tmp_path / "there"]


def test_a_device_is_written_into_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(pipe, b"text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is a directory"),
        ("missing/file", "no such file or directory"),
        ("file/in-a-file", "not a directory"),
        ("circle", "symbolic links"),
        ("n" * 300, "file name too long"),
        ("nul\0", "is no name of a file"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(OutputError) as refused:
        write_to(str(tmp_path / name), b"text")
    assert said in refused.value.message.lower()
    assert refused.value.hint
