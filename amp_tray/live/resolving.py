"""Resolving what changed: the families of some threads anew, and nothing else.

The pure rules are in `core.family`; here is which records they need. Links between threads lie
in the ledger, so a step taken today continues one taken before the last restart.
"""

import logging
from collections.abc import Iterable
from typing import NamedTuple

from amp_tray.core.family import FamilyUsage, relatives, resolve_family, signatures
from amp_tray.core.lineage import Family
from amp_tray.core.records import ThreadRecord
from amp_tray.core.unite import unite_copies
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.links import node_of
from amp_tray.ledger.store import Ledger, Scope

log = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """What resolving touched: the sessions, and the threads that the program failed on."""

    sessions: set[str]
    failed: set[str]


def resolve_changed(ledger: Ledger, scope: Scope, thread_ids: Iterable[str]) -> Outcome:
    """Resolve the families of some threads whose records changed, inside a transaction."""
    changed = sorted(set(thread_ids))
    _link(ledger, scope, changed)
    sessions: set[str] = set()
    failed: set[str] = set()
    done: set[str] = set()
    for thread_id in changed:
        if thread_id in done:
            continue
        try:
            with ledger.part():
                family, usage = family_of(ledger, scope, thread_id)
                done |= family
                sessions |= ledger.replace_family(scope, family, usage.threads.values())
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 - fault boundary: one family may fail
            # Its type alone: a message may quote what a file says.
            log.warning("the thread %s could not be resolved: %s", thread_id, type(error).__name__)
            failed.add(thread_id)
    return Outcome(sessions, failed)


def family_of(ledger: Ledger, scope: Scope, thread_id: str) -> tuple[set[str], FamilyUsage]:
    """Return the threads of a thread's family, unseen ones included, and their usage.

    Copies whose origin is not known are searched for in all known threads, which links them.
    """
    while True:
        family = ledger.links.family(scope.scope_id, thread_id)
        usage = resolve_family(_records(ledger, scope, family))
        if not _find_wanted(ledger, scope, usage):
            return family, usage


def _records(ledger: Ledger, scope: Scope, thread_ids: Iterable[str]) -> Family:
    found = ((name, ledger.records(scope, name)) for name in thread_ids)
    return {name: unite_copies(records) for name, records in found if records}


def _link(ledger: Ledger, scope: Scope, thread_ids: Iterable[str]) -> None:
    """Note what each changed thread names, and which searched facts it has."""
    searched = ledger.links.signatures(scope.scope_id)
    for thread_id, record in _records(ledger, scope, thread_ids).items():
        nodes = relatives(record)
        if searched:
            nodes |= searched & _nodes(record)
        ledger.links.replace(scope.scope_id, thread_id, nodes)


def _find_wanted(ledger: Ledger, scope: Scope, usage: FamilyUsage) -> bool:
    """Link the holders of copies that are searched for the first time; say whether any are."""
    wanted = {(holder, node_of(signature)) for holder, signature in usage.wanted}
    known = ledger.links.signatures(scope.scope_id)
    new = {node for _, node in wanted} - known
    if not new:
        return False
    links = set(wanted)
    for record in ledger.every_record(scope):
        links |= {(record.thread_id, node) for node in new & _nodes(record)}
    ledger.links.add(scope.scope_id, links)
    return True


def _nodes(record: ThreadRecord) -> set[str]:
    return {node_of(signature) for signature in signatures(record)}
