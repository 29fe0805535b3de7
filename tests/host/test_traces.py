"""What the program wrote is found by its names, and nothing else is."""

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from amp_tray.host.traces import Places, find_traces, remove_traces

KEPT = (
    "data/ledger.db",
    "data/ledger.db-wal",
    "data/ledger.salvaged.db",
    "data/ledger.corrupt-20261122T101010Z.db",
    "data/prices.json",
    "config/config.toml",
    "data/archive/amp/threads/T-1.json",
)
GOING = (
    "data/tray.json",
    "data/.tray.json.k2x8",
    "data/sync/state.json",
    "data/sync/threads.json",
    "data/sync/.threads.json.k2x8",
    "data/sync/balance.json",
    "data/sync/lock",
    "data/archive/amp/threads/.k2x8.part",
    "data/ledger.lock",
    "data/tray.lock",
    "logs/log.txt",
    "logs/log.txt.1",
    "logs/crash-20261122T101010Z.txt",
    "logs/icon.png",
    "logs/report.html",
    "logs/.report.html.k2x8",
    "run/rpc.json",
)
OTHERS = ("data/ledger.db.bak.txt", "data/notes.json", "config/pricing.toml", "logs/log.text")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's: a socket's path may have no more than 103 bytes."""
    with tempfile.TemporaryDirectory(prefix="amp-tray-") as name:
        yield Path(name)


def places(folder: Path) -> Places:
    return Places(
        data=folder / "data",
        configuration=folder / "config",
        logs=folder / "logs",
        socket=folder / "run/rpc.sock",
    )


def written(folder: Path, names: tuple[str, ...]) -> set[Path]:
    paths = {folder / name for name in names}
    for path in paths:
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("x", "utf-8")
    return paths


def test_every_file_of_the_program_is_found_and_no_other(folder: Path) -> None:
    kept, going = written(folder, KEPT), written(folder, GOING)
    written(folder, OTHERS)
    traces = find_traces(places(folder))
    assert {trace.path for trace in traces if trace.kept} == kept
    assert {trace.path for trace in traces if not trace.kept} == going
    assert len(traces) == len(kept) + len(going)


def test_with_nothing_else_in_them_the_directories_go_too(folder: Path) -> None:
    written(folder, (*KEPT, *GOING))
    remove_traces(find_traces(places(folder)), places(folder))
    assert list(folder.iterdir()) == []


def test_what_others_wrote_stays_with_its_directory(folder: Path) -> None:
    written(folder, (*KEPT, *GOING))
    others = written(folder, OTHERS)
    remove_traces(find_traces(places(folder)), places(folder))
    assert {path for path in folder.rglob("*") if path.is_file()} == others


def test_a_link_goes_and_what_it_leads_to_stays(folder: Path) -> None:
    (dotfiles,) = written(folder, ("dotfiles.toml",))
    (folder / "config").mkdir()
    (folder / "config/config.toml").symlink_to(dotfiles)
    remove_traces(find_traces(places(folder)), places(folder))
    assert not (folder / "config").exists()
    assert dotfiles.read_text("utf-8") == "x"


def test_a_place_of_the_users_own_choice_is_removed_when_it_is_a_socket_alone(
    folder: Path,
) -> None:
    chosen = Places(folder / "data", folder / "config", folder / "logs", folder / "mine")
    chosen.socket.write_text("a letter", "utf-8")
    assert find_traces(chosen) == []
    chosen.socket.unlink()
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(chosen.socket))
    assert [trace.path for trace in find_traces(chosen)] == [chosen.socket]


def test_where_nothing_was_written_nothing_is_made(folder: Path) -> None:
    assert find_traces(places(folder)) == []
    remove_traces([], places(folder))
    assert list(folder.iterdir()) == []
