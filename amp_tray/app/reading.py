"""Reading the files in this process: the ledger opened, whatever became of it, and a writer on it.

The service keeps its writer; a report without one reads, answers and closes it again.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from zoneinfo import ZoneInfo

from amp_tray.app.program import Program
from amp_tray.core.snapshot import Snapshot
from amp_tray.host.lock import LEDGER_LOCK, InstanceLock
from amp_tray.host.memory import uncollected
from amp_tray.ledger.errors import LedgerError, ledger_errors, unusable
from amp_tray.ledger.opening import open_ledger, reopen_ledger, stand_in
from amp_tray.ledger.store import Ledger
from amp_tray.live.queries import Queries
from amp_tray.live.query import ReportQuery
from amp_tray.live.writer import Progress, Writer
from amp_tray.pricing.book import open_price_book

_Answer = TypeVar("_Answer")


def read_now(program: Program, progress: Progress) -> tuple[Queries, Snapshot]:
    """Read the files; return what answers questions of them."""
    queries = program.queries()
    with uncollected():
        return _having_read(
            program,
            queries,
            progress,
            lambda writer: (queries, writer.snapshot(1, scanned_at=queries.clock())),
        )


def report_now(program: Program, query: ReportQuery, progress: Progress) -> bytes:
    """Read the files; return one report.

    Reports by the calendar are made of days that the ledger keeps, not of all sessions.
    """
    queries = program.queries()
    days_in = queries.zone_of_days(query)

    def report(writer: Writer) -> bytes:
        snapshot = writer.snapshot(1, scanned_at=queries.clock(), days_in=days_in)
        with _meanwhile(writer.close):  # after many changes it waits for the disk
            return queries.report(snapshot, query)

    with uncollected():
        return _having_read(program, queries, progress, report, days_in)


def explain_now(program: Program, session: str, progress: Progress) -> bytes:
    """Read the files; return the explanation of a session as JSON."""
    from amp_tray.live.explaining import explain  # noqa: PLC0415 - a report needs none

    queries = program.queries()
    return _having_read(
        program, queries, progress, lambda writer: explain(writer, queries, session)
    )


@contextmanager
def _meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Do something in another thread meanwhile; what it raises is raised at the end."""
    failed: list[Exception] = []

    def noting() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - raised below
            failed.append(error)

    thread = threading.Thread(target=noting)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if failed:
        raise failed[0]


def _having_read(
    program: Program,
    queries: Queries,
    progress: Progress,
    make: Callable[[Writer], _Answer],
    days_in: ZoneInfo | None = None,
) -> _Answer:
    """Read the files, with the ledger where nobody else writes it, and make an answer.

    Where another process has the ledger (a service, another report) or it cannot be
    written, a copy in memory serves: the history is there, nothing is changed.

    Args:
        days_in: the zone of the days that the answer is made of, where it needs no more.
    """
    lock = InstanceLock(program.data_directory / LEDGER_LOCK)
    ours, refusal = False, None
    try:
        ours = lock.acquire()
    except OSError as error:
        refusal = error
    try:
        writer = open_writer(program, queries, ours=ours, refusal=refusal, lazily=True)
        try:
            try:
                with ledger_errors(program.ledger_path):
                    writer.scan(progress, days_in=days_in)
                    return make(writer)
            except LedgerError as error:
                writer = mend_writer(program, writer, error, queries, ours=ours)
                writer.scan(progress, days_in=days_in)
                return make(writer)
        finally:
            writer.close()
    finally:
        lock.release()


def open_writer(
    program: Program,
    queries: Queries,
    *,
    ours: bool = True,
    refusal: OSError | None = None,
    lazily: bool = False,
) -> Writer:
    """Open the ledger, whatever became of it, and return a writer that has loaded it.

    Args:
        ours: this process holds the instance lock; else a copy in memory serves.
        refusal: what kept the lock from being made.
        lazily: sessions that the ledger keeps are loaded when they are asked for.

    Raises:
        NewerLedgerError: a newer version of the program wrote it.
    """
    path = program.ledger_path
    if refusal is not None:
        ledger = stand_in(path, unusable(program.data_directory, refusal))
    elif ours:
        ledger = open_ledger(path, queries.clock())
    else:
        ledger = Ledger.copy_of(path)
    try:
        return _writer(program, ledger, queries, lazily=lazily)
    except LedgerError as error:
        return _writer(program, _reopened(program, error, queries, ours=ours), queries)


def mend_writer(
    program: Program, writer: Writer, error: LedgerError, queries: Queries, *, ours: bool = True
) -> Writer:
    """Close a writer whose ledger failed, and return one to go on with.

    Args:
        ours: this process holds the instance lock, so a damaged ledger may be replaced.
    """
    writer.close()
    return _writer(program, _reopened(program, error, queries, ours=ours), queries)


def _reopened(program: Program, error: LedgerError, queries: Queries, *, ours: bool) -> Ledger:
    if not ours:
        return stand_in(program.ledger_path, error)
    return reopen_ledger(program.ledger_path, queries.clock(), error)


def _writer(program: Program, ledger: Ledger, queries: Queries, *, lazily: bool = False) -> Writer:
    writer = Writer(
        ledger,
        program.roots(),
        open_price_book(program.price_files),
        queries.clock,
        max_file_bytes=program.max_file_bytes,
    )
    try:
        with ledger_errors(program.ledger_path):
            writer.load(lazily=lazily)
    except BaseException:
        writer.close()
        raise
    return writer
