"""Storing files that the ledger does not know: threads that stand alone together, others singly."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from amp_tray.host.log import Log
from amp_tray.ledger.arrivals import Arrival
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.facts import decode_facts
from amp_tray.ledger.files import FileState, stored_name
from amp_tray.ledger.store import Ledger, Scope
from amp_tray.live.digest import AloneUsage, Digest, File
from amp_tray.live.files import FileReading
from amp_tray.live.storing import store_reading
from amp_tray.sources.reading import Reading

log = Log(__name__)


class Stored(NamedTuple):
    """What arrived, by scope.

    Attributes:
        threads: those whose families are to be resolved.
        alone: the usage of those that are done, for they stand alone; none is without usage.
        refused: the usage of those that do not, for others are here that decide about them.
    """

    threads: dict[Scope, set[str]]
    alone: dict[Scope, list[AloneUsage]]
    refused: dict[Scope, list[AloneUsage]]


class _Alone(NamedTuple):
    """A digest whose thread can be stored as it says."""

    digest: Digest
    state: FileState
    facts: str
    usage: AloneUsage


def store_arrivals(
    ledger: Ledger, scopes: Mapping[str, Scope], files: Sequence[File], digests: Iterable[Digest]
) -> Stored:
    """Store what new files say; inside a transaction.

    Args:
        scopes: by source name.
        files: all that are being read; a digest names its own by number.
    """
    stored = Stored({}, {}, {})
    by_scope: dict[Scope, list[Digest]] = defaultdict(list)
    for digest in digests:
        by_scope[scopes[files[digest.number][0].source.name]].append(digest)
    for scope, group in by_scope.items():
        alone = _strangers(ledger, scope, group)
        try:
            with ledger.part():
                stored.alone[scope] = _put_alone(ledger, scope, files, alone)
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 - fault boundary: one of them may fail, not all
            log.warning("threads could not be stored together: %s", type(error).__name__)
            stored.alone[scope], alone = [], []
        done = {item.digest.number for item in alone}
        rest = [digest for digest in group if digest.number not in done]
        stored.refused[scope] = [each.alone for each in rest if each.alone is not None]
        stored.threads[scope] = _put_singly(ledger, files, rest)
    return stored


def _strangers(ledger: Ledger, scope: Scope, digests: Iterable[Digest]) -> list[_Alone]:
    """Return the digests of threads that nothing here belongs to, or decides about."""
    alone = [
        _Alone(digest, digest.state, digest.facts, digest.alone)
        for digest in digests
        if digest.state is not None and digest.facts is not None and digest.alone is not None
    ]
    if ledger.links.searching(scope.scope_id):  # each may have what is searched for
        return []
    times = Counter(item.usage.thread.thread_id for item in alone)
    strangers = ledger.arrivals.strangers(scope.scope_id, times)
    return [
        item
        for item in alone
        if (name := item.usage.thread.thread_id) in strangers and times[name] == 1
    ]


def _put_alone(
    ledger: Ledger, scope: Scope, files: Sequence[File], alone: Collection[_Alone]
) -> list[AloneUsage]:
    arrivals = []
    for item in alone:
        root, name = files[item.digest.number]
        troubles = item.digest.diagnostics
        arrivals.append(
            Arrival(
                *(root.root_id, stored_name(name), item.state, troubles, item.facts),
                item.usage.thread,
            )
        )
    ledger.arrivals.put(scope.scope_id, arrivals)
    return [item.usage for item in alone if item.usage.thread.size]


def _put_singly(ledger: Ledger, files: Sequence[File], digests: Iterable[Digest]) -> set[str]:
    threads: set[str] = set()
    for digest in digests:
        if digest.state is None:
            continue
        root, name = files[digest.number]
        record = None if digest.facts is None else decode_facts(digest.facts)
        reading = FileReading(name, digest.state, Reading(record, digest.diagnostics))
        threads |= store_reading(ledger, root, reading, digest.further)
    return threads
