"""Resolving what changed: the families of some threads anew, and nothing else.

The pure rules are in `core.family`; here is which records they need. Links between threads lie
in the ledger, so a step taken today continues one taken before the last restart.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from amp_tray.core.family import FamilyUsage, relatives, resolve_family
from amp_tray.core.identity import Signature, signatures
from amp_tray.core.records import ThreadRecord
from amp_tray.core.unite import unite_copies
from amp_tray.host.log import Log
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.links import node_of
from amp_tray.ledger.store import NO_TIME, Ledger, Scope, Stretch, widened

log = Log(__name__)

Searched: TypeAlias = dict[Signature, str]
"""What a family searches for, each with a thread of the family that holds a copy of it."""

RecordOf: TypeAlias = Callable[[str], ThreadRecord | None]

# Records held decoded while one change is resolved: a batch of files and a large family.
_HELD = 512


class Outcome(NamedTuple):
    """What resolving touched: sessions, with when, and the threads that the program failed on."""

    sessions: dict[str, Stretch]
    failed: set[str]


class _Attempt(NamedTuple):
    """A family resolved with the threads known to belong to it, and what it searches for."""

    threads: set[str]
    usage: FamilyUsage
    searched: Searched


def resolve_changed(ledger: Ledger, scope: Scope, thread_ids: Iterable[str]) -> Outcome:
    """Resolve the families of some threads whose records changed, inside a transaction."""
    record_of = _reader(ledger, scope)
    changed = set(thread_ids)
    pending = changed | _link(ledger, scope, record_of, changed)
    outcome = Outcome({}, set())
    while pending:
        done: set[str] = set()
        again: set[str] = set()
        searched: Searched = {}
        for thread_id in sorted(pending):
            if thread_id in done:
                continue
            try:
                with ledger.part():
                    attempt = _attempt(ledger, scope, record_of, thread_id)
                    if attempt.searched:  # for all families at once: it reads every record
                        again.add(thread_id)
                        searched |= attempt.searched
                    else:
                        threads = attempt.usage.threads.values()
                        touched = ledger.replace_family(scope, attempt.threads, threads)
                        for session_id, stretch in touched.items():
                            known = outcome.sessions.get(session_id, NO_TIME)
                            outcome.sessions[session_id] = widened(known, stretch)
                    done |= attempt.threads
            except LedgerError:
                raise
            except Exception as error:  # noqa: BLE001 - fault boundary: one family may fail
                # Its type alone: a message may quote what a file says.
                log.warning(
                    "the thread %s could not be resolved: %s", thread_id, type(error).__name__
                )
                outcome.failed.add(thread_id)
        if searched:
            _search(ledger, scope, searched)
        pending = again
    return outcome


def family_of(ledger: Ledger, scope: Scope, thread_id: str) -> tuple[set[str], FamilyUsage]:
    """Return the threads of a thread's family, unseen ones included, and their usage.

    Copies whose origin is not known are searched for in all known threads, which links them.
    """
    record_of = _reader(ledger, scope)
    while True:
        attempt = _attempt(ledger, scope, record_of, thread_id)
        if not attempt.searched:
            return attempt.threads, attempt.usage
        _search(ledger, scope, attempt.searched)


def _reader(ledger: Ledger, scope: Scope) -> RecordOf:
    """Return what reads a thread's record, None when no file told of it."""

    @lru_cache(maxsize=_HELD)
    def record_of(thread_id: str) -> ThreadRecord | None:
        records = ledger.records(scope, thread_id)
        return unite_copies(records) if records else None

    return record_of


def _link(ledger: Ledger, scope: Scope, record_of: RecordOf, thread_ids: Iterable[str]) -> set[str]:
    """Note what each changed thread names, and which searched facts it has.

    Returns:
        The families that a thread has left, which are no longer as they were.
    """
    left: set[str] = set()
    searching = ledger.links.searching(scope.scope_id)
    for thread_id in sorted(thread_ids):
        record = record_of(thread_id)
        if record is None:
            continue
        nodes = relatives(record)
        if searching:
            found = (node_of(signature) for signature in signatures(record))
            nodes |= ledger.links.known(scope.scope_id, found)
        linked = ledger.links.of(scope.scope_id, thread_id)
        if linked - nodes:
            left |= ledger.links.family(scope.scope_id, thread_id)
        if linked != nodes:
            ledger.links.replace(scope.scope_id, thread_id, nodes)
    return left


def _attempt(ledger: Ledger, scope: Scope, record_of: RecordOf, thread_id: str) -> _Attempt:
    threads = ledger.links.family(scope.scope_id, thread_id)
    records = ((name, record_of(name)) for name in sorted(threads))
    usage = resolve_family({name: record for name, record in records if record is not None})
    nodes = {node_of(signature): (holder, signature) for holder, signature in usage.wanted}
    known = ledger.links.known(scope.scope_id, nodes)
    searched = {
        signature: holder for node, (holder, signature) in nodes.items() if node not in known
    }
    return _Attempt(threads, usage, searched)


def _search(ledger: Ledger, scope: Scope, searched: Searched) -> None:
    """Link all threads that have a searched fact, which a family searches for the first time."""
    links = {(holder, node_of(signature)) for signature, holder in searched.items()}
    wanted = set(searched)
    for record in ledger.every_record(scope):
        links |= {(record.thread_id, node_of(found)) for found in wanted & signatures(record)}
    ledger.links.add(scope.scope_id, links)
