"""Which threads are resolved together: a graph of threads and the names they share.

A node is a thread's id, or the text of a fact's signature (a JSON array, so it begins with a
bracket, which no id does that Amp makes). Most threads have no link and are a family alone.
"""

import sqlite3
from collections.abc import Iterable

from amp_tray.core.forks import Signature


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

    def signatures(self, scope_id: int) -> set[str]:
        """Return the nodes of signatures that some thread is linked to."""
        rows = self._db.execute(
            "SELECT DISTINCT node FROM link WHERE scope_id = ? AND node >= '[' AND node < '\\'",
            (scope_id,),
        )
        return {row[0] for row in rows}

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
                reached = self._linked_to(scope_id, node)
                if not node.startswith("["):
                    reached.add(node)
                unvisited += reached - family
                family |= reached
        return family

    def _linked_to(self, scope_id: int, node: str) -> set[str]:
        rows = self._db.execute(
            "SELECT thread_id FROM link WHERE scope_id = ? AND node = ?", (scope_id, node)
        )
        return {row[0] for row in rows}
