"""Which threads are resolved together: a graph of threads and the names they share.

A node is a thread's id, or the text of a fact's signature (a JSON array, so it begins with a
bracket, which no id does that Amp makes). Most threads have no link and are a family alone.
"""

import sqlite3
from collections.abc import Iterable

from amp_tray.core.identity import Signature


def node_of(signature: Signature) -> str:
    """Return the node of a signature."""
    return repr(list(signature))


class Links:
    """The links of one ledger's threads, by scope; shares the ledger's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def replace(self, scope_id: int, thread_id: str, nodes: Iterable[str]) -> None:
        """Store what a thread is linked to, in place of what was stored."""
        self._db.execute(
            "DELETE FROM link WHERE scope_id = ? AND thread_id = ?", (scope_id, thread_id)
        )
        self.add(scope_id, ((thread_id, node) for node in nodes))

    def add(self, scope_id: int, links: Iterable[tuple[str, str]]) -> None:
        """Link threads to further nodes."""
        self._db.executemany(
            "INSERT OR IGNORE INTO link VALUES (?, ?, ?)",
            [(scope_id, thread_id, node) for thread_id, node in links],
        )

    def searching(self, scope_id: int) -> bool:
        """Say whether any thread is linked to a signature."""
        row = self._db.execute(
            "SELECT 1 FROM link WHERE scope_id = ? AND node >= '[' AND node < '\\' LIMIT 1",
            (scope_id,),
        ).fetchone()
        return row is not None

    def known(self, scope_id: int, nodes: Iterable[str]) -> set[str]:
        """Return those of some nodes that any thread is linked to."""
        return {node for node in nodes if self._is_linked(scope_id, node)}

    def of(self, scope_id: int, thread_id: str) -> set[str]:
        """Return the nodes that a thread is linked to."""
        rows = self._db.execute(
            "SELECT node FROM link WHERE scope_id = ? AND thread_id = ?", (scope_id, thread_id)
        )
        return {row[0] for row in rows}

    def family(self, scope_id: int, thread_id: str) -> set[str]:
        """Return all threads that links lead to from one, itself and unseen ones included."""
        family = {thread_id}
        nodes: set[str] = set()
        unvisited = [thread_id]
        while unvisited:
            thread = unvisited.pop()
            for node in {thread, *self.of(scope_id, thread)} - nodes:
                nodes.add(node)
                # A signature is taken for a thread that nobody has seen: an id may look like one.
                reached = {node, *self._linked_to(scope_id, node)}
                unvisited += reached - family
                family |= reached
        return family

    def _is_linked(self, scope_id: int, node: str) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM link WHERE scope_id = ? AND node = ? LIMIT 1", (scope_id, node)
        ).fetchone()
        return row is not None

    def _linked_to(self, scope_id: int, node: str) -> set[str]:
        rows = self._db.execute(
            "SELECT thread_id FROM link WHERE scope_id = ? AND node = ?", (scope_id, node)
        )
        return {row[0] for row in rows}
