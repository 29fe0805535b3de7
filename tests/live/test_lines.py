"""Reading files that grow line by line: on from where they were read to, however they change."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.snapshot import Snapshot
from amp_tray.ledger.store import Ledger
from amp_tray.live import lines, sharing
from amp_tray.live.writer import Writer
from amp_tray.sources.amp.source import AMP
from amp_tray.sources.claude_code.source import CLAUDE_CODE
from amp_tray.sources.reading import Passage
from tests.support.claude_logs import OTHER, PROJECT, SESSION, append, dense, encode, put, said
from tests.support.scans import NOW, PRICES, codes, figures, snapshot_of, total_tokens
from tests.support.threads import Json

LOG = f"{PROJECT}/{SESSION}.jsonl"


@contextmanager
def writing(
    root: Path, *, ledger: Ledger | Path | None = None, read_on: Any = CLAUDE_CODE.read_on
) -> Iterator[Writer]:
    """Give a loaded writer of one root of Claude Code's."""
    store = ledger if isinstance(ledger, Ledger) else Ledger(ledger)
    source = CLAUDE_CODE._replace(read_on=read_on)
    writer = Writer(store, {AMP: (root / "amp",), source: (root,)}, PRICES, lambda: NOW)
    writer.load()
    try:
        yield writer
    finally:
        writer.close()


def scanned(root: Path, ledger: Path | None = None) -> Snapshot:
    with writing(root, ledger=ledger) as writer:
        writer.scan()
        return snapshot_of(writer)


class Bytes:
    """`read_on` that counts what it is given."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self, blocks: Iterable[bytes], path: str, memory: str) -> Passage:
        assert CLAUDE_CODE.read_on is not None
        return CLAUDE_CODE.read_on(map(self._count, blocks), path, memory)

    def _count(self, block: bytes) -> bytes:
        self.read += len(block)
        return block


def test_what_is_appended_is_read_alone_and_after_a_restart_too(tmp_path: Path) -> None:
    path = put(tmp_path, LOG, *(said(str(number)) for number in range(50)))
    read, ledger = Bytes(), tmp_path / "ledger.db"
    with writing(tmp_path, ledger=ledger, read_on=read) as writer:
        writer.scan()
        assert read.read == path.stat().st_size
        read.read = 0
        append(path, said("a"))
        assert writer.read([path])
        assert total_tokens(snapshot_of(writer)) == 5100
    with writing(tmp_path, ledger=ledger, read_on=read) as writer:
        append(path, said("b"), said("c"))
        assert writer.scan()
        assert read.read == len(encode([said("a"), said("b"), said("c")]))
        assert total_tokens(snapshot_of(writer)) == 5300


def test_a_line_that_is_still_being_written_counts_once_it_is_whole(tmp_path: Path) -> None:
    line = dense(said("2"))
    path = put(tmp_path, LOG, said("1"))
    with writing(tmp_path) as writer:
        writer.scan()
        for cut in (10, len(line) - 2, len(line)):
            path.write_bytes(encode([said("1")]) + line[:cut])
            writer.read([path])
            assert total_tokens(snapshot_of(writer)) == (200 if cut == len(line) else 100)
            assert codes(snapshot_of(writer)) == []
        path.write_bytes(encode([said("1")]) + line + b"\n" + encode([said("3")]))
        writer.read([path])
        assert total_tokens(snapshot_of(writer)) == 300


def shrink(path: Path) -> None:
    path.write_bytes(encode([said("9")]))


def rewrite(path: Path) -> None:
    path.write_bytes(encode([said("9"), *(said(str(number)) for number in range(60))]))


def replace(path: Path) -> None:
    half = path.with_suffix(".half")
    half.write_bytes(path.read_bytes().replace(b'msg_1"', b'msg_9"'))
    half.replace(path)


@pytest.mark.parametrize("change", [shrink, rewrite, replace])
def test_a_file_written_anew_is_read_from_its_start(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = put(tmp_path, LOG, *(said(str(number)) for number in range(3)))
    with writing(tmp_path) as writer:
        writer.scan()
        change(path)
        writer.scan()
        ids = {str(number) for number in range(60 if change is rewrite else 3)} | {"9"}
        assert total_tokens(snapshot_of(writer)) == 100 * len(ids)


def test_a_deleted_log_keeps_its_usage(tmp_path: Path) -> None:
    path = put(tmp_path, LOG, said())
    with writing(tmp_path) as writer:
        writer.scan()
        path.unlink()
        assert not writer.scan()
        assert total_tokens(snapshot_of(writer)) == 100


def test_what_could_not_be_used_is_told_until_the_file_is_written_anew(tmp_path: Path) -> None:
    path = put(tmp_path, LOG, said("1"), b'{"usage"')
    with writing(tmp_path) as writer:
        writer.scan()
        append(path, said("2"))
        writer.read([path])
        (trouble,) = snapshot_of(writer).diagnostics
        assert (trouble.path, trouble.message[:7]) == (str(path), "line 2 ")
        append(path, b'{"usage"')
        writer.read([path])
        assert [item.message[:7] for item in snapshot_of(writer).diagnostics] == [
            "line 2 ",
            "line 4 ",
        ]
        path.write_bytes(encode([said("2")]))
        writer.read([path])
        assert codes(snapshot_of(writer)) == []


def test_a_file_that_the_source_fails_on_fails_alone(tmp_path: Path) -> None:
    put(tmp_path, LOG, said("1"))
    put(tmp_path, f"{PROJECT}/{OTHER}.jsonl", said("2", sessionId=OTHER))

    def read_on(blocks: Iterable[bytes], path: str, memory: str) -> Passage:
        if OTHER in path:
            raise RuntimeError("…")
        assert CLAUDE_CODE.read_on is not None
        return CLAUDE_CODE.read_on(blocks, path, memory)

    with writing(tmp_path, read_on=read_on) as writer:
        writer.scan()
        assert total_tokens(snapshot_of(writer)) == 100
        assert codes(snapshot_of(writer)) == ["unreadable-file"]


def test_no_file_is_too_large_and_blocks_cut_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, LOG, *(said(str(number)) for number in range(40)))
    whole = scanned(tmp_path)
    for size in (100, 733, 4096):
        monkeypatch.setattr(lines, "BLOCK_BYTES", size)
        assert dict(scanned(tmp_path).sessions) == dict(whole.sessions)
    with writing(tmp_path) as writer:
        writer.point_to({CLAUDE_CODE: (tmp_path,)}, max_file_bytes=10)
        writer.scan()
        assert total_tokens(snapshot_of(writer)) == 4000


def test_an_endless_line_is_skipped_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 5000)
    path = put(tmp_path, LOG, said("1"), b"x" * 20_000, said("2"))
    with writing(tmp_path) as writer:
        writer.scan()
        assert total_tokens(snapshot_of(writer)) == 200
        path.write_bytes(path.read_bytes() + b"y" * 20_000)
        writer.scan()
        path.write_bytes(path.read_bytes() + b"y\n" + encode([said("3")]))
        writer.scan()
        assert total_tokens(snapshot_of(writer)) == 300


def test_the_end_of_a_limit_reaches_the_snapshot(tmp_path: Path) -> None:
    text = [{"type": "text", "text": "Claude AI usage limit reached|1770728400"}]
    path = put(tmp_path, LOG, said("1"))
    with writing(tmp_path) as writer:
        writer.scan()
        append(path, said("2", isApiErrorMessage=True, message={"content": text}))
        assert writer.read([path])
        ((source, _, ends_at),) = snapshot_of(writer).resets
        assert (source, ends_at) == ("claude", 1_770_728_400_000)


# Around a full hour and the end of a day.
AT = st.sampled_from([0, 3_599_000, 3_600_000, 50_399_900, 50_400_000, 50_401_000]).map(
    lambda at: (
        f"2026-02-10T{10 + at // 3_600_000:02}:{at // 60_000 % 60:02}"
        f":{at // 1000 % 60:02}.{at % 1000:03}Z"
    )
)
SESSIONS = (SESSION, OTHER, "0199aaaa-bbbb-4ccc-8ddd-00000000000c")


@st.composite
def answers(draw: st.DrawFn) -> list[Json]:
    """Draw an answer's parts, as one session wrote them, one after the other."""
    name, session = draw(st.integers(0, 4)), draw(st.sampled_from(SESSIONS))
    times = sorted(draw(st.lists(AT, min_size=1, max_size=3)))
    cost: Json = draw(st.sampled_from([{}, {"costUSD": 0.25}]))
    return [
        said(
            f"{session[-1]}{name}",
            *(1, 1 + part, 2),
            at=at,
            sessionId=session,
            usage={"cache_creation": {"ephemeral_1h_input_tokens": 2}},
            **cost,
        )
        for part, at in enumerate(times)
    ]


@st.composite
def corpora(draw: st.DrawFn) -> dict[str, list[Json]]:
    """Draw files of three sessions; some begin with copies of what another holds."""
    files: dict[str, list[Json]] = {f"p/{session}.jsonl": [] for session in SESSIONS}
    for answer in draw(st.lists(answers(), min_size=1, max_size=8)):
        files[f"p/{answer[0]['sessionId']}.jsonl"] += answer
    for session in SESSIONS[1:]:
        if draw(st.booleans()):
            copied = draw(st.sampled_from(SESSIONS))
            mark = draw(st.sampled_from([{}, {"forkedFrom": {"sessionId": copied}}]))
            held = [{**line, "sessionId": session, **mark} for line in files[f"p/{copied}.jsonl"]]
            files[f"p/{session}.jsonl"][:0] = held
    if draw(st.booleans()):
        agent = [{**line, "isSidechain": True} for line in files[f"p/{SESSION}.jsonl"]]
        files[f"p/{SESSION}/subagents/agent-1.jsonl"] = agent
    return files


@given(corpora(), st.data())
def test_lines_one_by_one_in_files_of_any_order_are_one_scan(
    corpus: dict[str, list[Json]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root, ledger = Path(name), Path(name) / "ledger.db"
        for path in data.draw(st.permutations(sorted(corpus))):
            put(root, path)
        waiting = {path: list(lines) for path, lines in corpus.items()}
        with writing(root, ledger=ledger) as writer:
            while any(waiting.values()):
                path = data.draw(st.sampled_from([path for path in waiting if waiting[path]]))
                count = data.draw(st.integers(1, len(waiting[path])))
                grown = append(root / "projects" / path, *waiting[path][:count])
                del waiting[path][:count]
                if data.draw(st.booleans()):
                    writer.read([grown])
            writer.scan()
            grown_up = snapshot_of(writer)
            assert not writer.scan()
        batch = scanned(root)
        assert dict(grown_up.sessions) == dict(batch.sessions)
        assert figures(grown_up) == figures(batch)
        assert dict(scanned(root, ledger).sessions) == dict(batch.sessions)  # kept, and read


@given(corpora(), st.data())
def test_copies_in_other_files_count_once(
    corpus: dict[str, list[Json]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, written in corpus.items():
            put(root, path, *written)
        once = figures(scanned(root))
        for number, path in enumerate(data.draw(st.lists(st.sampled_from(sorted(corpus))))):
            put(root, f"q/copy-{number}.jsonl", *corpus[path])
        assert figures(scanned(root)) == once


@pytest.mark.skipif(not hasattr(os, "fork"), reason="helpers are forks")
def test_with_helpers_and_without_come_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(140):
        session = f"s-{number:03}"
        copied = [said("shared", sessionId=session)] if number % 9 == 0 else []
        put(tmp_path, f"p/{session}.jsonl", *copied, said(str(number), sessionId=session))
    alone = scanned(tmp_path)
    monkeypatch.setattr(sharing, "helpers_for", lambda _chunks: 2)
    helped = scanned(tmp_path)
    assert dict(helped.sessions) == dict(alone.sessions)
    assert total_tokens(helped) == 14_100
