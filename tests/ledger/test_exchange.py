"""Exports and imports: every record once, twice is no more than once, bad lines are told."""

import io
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.ledger.connect import connect
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.exchange import Imported, NotAnExportError, export_lines, import_lines
from amp_tray.ledger.files import FileState
from amp_tray.ledger.store import Ledger
from tests.support.scans import figures, put, scanned, total_tokens
from tests.support.threads import answer, event, record, thread


class Machine:
    """A user's roots and ledger on one machine."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.roots = [folder / name for name in names or ("amp",)]
        self.ledger = folder / "ledger.db"

    def put(self, name: str, *answers: int, root: int = 0, **members: Any) -> None:
        document = thread(*(answer(key) for key in answers), id=name, **members)
        put(self.roots[root], document, name)

    def figures(self) -> dict[str, Any]:
        return figures(scanned(self.ledger, *self.roots))

    def tokens(self) -> int:
        return total_tokens(scanned(self.ledger, *self.roots))

    def export(self) -> list[bytes]:
        self.figures()
        with closing(connect(self.ledger)) as database:
            return list(export_lines(database, self.in_force))

    def bring_in(self, lines: list[bytes], as_root: Path | None = None) -> Imported:
        with closing(connect(self.ledger)) as database:
            return import_lines(
                database,
                io.BytesIO(b"".join(lines)),
                self.in_force,
                None if as_root is None else str(as_root),
            )

    @property
    def in_force(self) -> dict[str, list[str]]:
        return {"amp": [str(root) for root in self.roots]}

    def files(self) -> list[tuple[str, str, int]]:
        with closing(connect(self.ledger)) as database:
            return database.execute(
                "SELECT path, name, present FROM file JOIN root ON root.id = root_id"
                " ORDER BY path, name"
            ).fetchall()


@pytest.fixture
def here(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "here")
    machine.put("T-1", 1, 2, events=[event(credits=2)])
    machine.put("T-both", 1)
    return machine


@pytest.fixture
def there(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "there")
    machine.put("T-2", 1, 2, 3)
    machine.put("T-both", 1, 2)
    return machine


def test_another_machines_usage_is_added_and_what_both_know_counts_once(
    here: Machine, there: Machine
) -> None:
    assert (here.tokens(), there.tokens()) == (300, 500)
    done = here.bring_in(there.export())
    assert (done.added, done.changed, done.unchanged, done.bad) == (2, 0, 0, ())
    assert done.hidden_roots == ()
    assert here.tokens() == 700  # T-1, T-2, and the longer of T-both
    archived = [name for _, name, present in here.files() if not present]
    assert [name.rsplit("/", 1)[1] for name in archived] == ["T-2.json", "T-both.json"]
    assert all(name.startswith("imported/") for name in archived)


def test_a_second_import_changes_nothing(here: Machine, there: Machine) -> None:
    lines = there.export()
    here.bring_in(lines)
    before, files = here.figures(), here.files()
    done = here.bring_in(lines)
    assert (done.added, done.changed, done.unchanged) == (0, 0, 2)
    assert (here.figures(), here.files()) == (before, files)


def test_a_later_export_grows_what_was_imported(here: Machine, there: Machine) -> None:
    here.bring_in(there.export())
    there.put("T-2", 1, 2, 3, 4, v=2)
    done = here.bring_in(there.export())
    assert (done.added, done.changed, done.unchanged) == (0, 1, 1)
    assert here.tokens() == 800
    assert here.bring_in(there.export()[:1] + there.export()[2:]).changed == 0


def test_an_older_export_takes_nothing_away(here: Machine, there: Machine) -> None:
    older = there.export()
    there.put("T-2", 1, 2, 3, 4, v=2)
    here.bring_in(there.export())
    here.bring_in(older)
    assert here.tokens() == 800
    assert here.bring_in(older).unchanged == 2


def test_exports_that_go_round_grow_nothing(here: Machine, there: Machine) -> None:
    for _ in range(3):
        here.bring_in(there.export())
        there.bring_in(here.export())
    assert here.tokens() == there.tokens() == 700
    assert (len(here.files()), len(there.files())) == (4, 4)
    assert here.bring_in(there.export()).unchanged == 4


def test_ones_own_export_changes_nothing_and_restores_everything(
    here: Machine, tmp_path: Path
) -> None:
    before, lines = here.figures(), here.export()
    assert here.bring_in(lines).unchanged == 2
    assert lines == here.export()
    here.ledger.unlink()
    (here.roots[0] / "threads").rename(tmp_path / "gone")
    assert here.bring_in(lines).added == 2
    assert here.figures() == before
    assert [name for _, name, _ in here.files()] == ["T-1.json", "T-both.json"]


def test_usage_that_no_report_covered_stays_with_its_root(here: Machine, tmp_path: Path) -> None:
    there = Machine(tmp_path / "there", "amp", "tried")
    there.put("T-2", 1)
    there.put("T-3", 1, root=1)
    there.figures()
    tried = there.roots.pop()
    there.figures()
    done = here.bring_in(there.export())
    assert done.added == 2
    assert done.hidden_roots == (str(tried),)
    assert here.tokens() == 400
    assert (str(tried), "T-3.json", 0) in here.files()


def test_a_root_can_be_named_for_what_comes_in(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    laptop = tmp_path / "laptop"
    done = here.bring_in(there.export(), as_root=laptop)
    assert done.hidden_roots == (str(laptop),)
    assert here.tokens() == 300
    here.roots.append(laptop)
    assert here.tokens() == 700


def test_two_machines_with_the_same_directory_share_it(here: Machine, tmp_path: Path) -> None:
    there = Machine(tmp_path / "there")
    there.put("T-2", 1)
    lines = [line.replace(b"/there/amp", b"/here/amp") for line in there.export()]
    here.bring_in(lines)
    assert here.tokens() == 400
    assert (str(here.roots[0]), "T-2.json", 0) in here.files()


def test_bad_lines_are_told_by_number_and_the_others_are_used(
    here: Machine, there: Machine
) -> None:
    head, first, second = there.export()

    def altered(**members: Any) -> bytes:
        return json.dumps(json.loads(first) | members).encode() + b"\n"

    facts = json.loads(first)["facts"]
    negative = json.loads(json.dumps(facts).replace("10, 20, 30, 40", "-10, 20, 30, 40"))
    lines = [
        head,
        b"not JSON\n",
        b"\xff\xfe\n",
        b"\n",
        b"[" * 100_000 + b"\n",
        altered(source="other"),
        altered(file=""),
        altered(file="x" * 5000),
        altered(facts=[]),
        altered(facts=["", *facts[1:]]),
        altered(facts=[*facts[:1], 10**30, *facts[2:]]),
        altered(facts=negative),
        altered(facts=["\ud800", *facts[1:]]),
        second,
        first[: len(first) // 2],
    ]
    done = here.bring_in(lines)
    assert done.added == 1
    assert [bad.number for bad in done.bad] == [*range(2, 14), 15]
    assert all(bad.why for bad in done.bad)
    assert here.tokens() == 400


def test_an_export_that_was_cut_off_is_told(here: Machine, there: Machine) -> None:
    done = here.bring_in(there.export()[:-1])
    assert done.added == 1
    (bad,) = done.bad
    assert (bad.number, bad.why) == (3, "the file ends; 2 records were to come")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{}\n",
        b'{"id": "T-1", "messages": []}\n',
        b"\x1f\x8b\x08\x00",
        b'{"format":"amp-tray-ledger","version":2,"ledger":"ab","roots":[],"records":0}\n',
        b'{"format":"amp-tray-ledger","version":1,"ledger":"../x","roots":[],"records":0}\n',
    ],
)
def test_what_is_no_export_is_refused(here: Machine, head: bytes) -> None:
    before = here.figures()
    with pytest.raises(NotAnExportError):
        here.bring_in([head])
    assert here.figures() == before


def test_an_import_that_fails_midway_leaves_nothing(here: Machine, there: Machine) -> None:
    before, lines = here.export(), there.export()

    class Torn(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= len(lines[0]) + len(lines[1]):
                raise OSError("the pipe broke")
            return super().readline(size)

    with closing(connect(here.ledger)) as database, pytest.raises(OSError, match="pipe"):
        import_lines(database, Torn(b"".join(lines)), here.in_force)
    assert here.export() == before


@given(st.lists(st.integers(0, 400_000), max_size=12), st.binary(max_size=12))
def test_no_bytes_make_an_import_fail_otherwise(places: list[int], noise: bytes) -> None:
    with closing(connect(None)) as database:
        ledger = Ledger(None, database=database)
        scope = ledger.open_scope("amp", ["/a"], 1)[0]
        put_record(ledger, scope.root_ids[0])
        data = bytearray(b"".join(export_lines(database, {"amp": ["/a"]})))
        for place, byte in zip(places, noise, strict=False):
            data[place % len(data)] = byte
        try:
            done = import_lines(database, io.BytesIO(bytes(data)), {"amp": ["/a"]})
        except LedgerError:
            return
        assert done.added + done.changed + done.unchanged + len(done.bad) >= 1


def put_record(ledger: Ledger, root_id: int) -> None:
    file_id = ledger.files.put(root_id, "T-1.json", FileState(1, 2, "3"), [])
    ledger.put_record(file_id, record(thread(answer(), events=[event()])))
