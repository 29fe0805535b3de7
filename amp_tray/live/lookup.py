"""What the ledger knows of one session: its threads, their files, and how it is counted."""

from collections.abc import Mapping, Sequence

from amp_tray.core.family import FamilyUsage, ThreadSpan
from amp_tray.core.snapshot import SessionUsage
from amp_tray.ledger.store import Ledger, Scope
from amp_tray.live.resolving import family_of
from amp_tray.live.roots import Root


class Lookup:
    """Looks single sessions up in a ledger that is being written; it changes nothing."""

    def __init__(self, ledger: Ledger, scopes: Mapping[str, Scope], roots: Sequence[Root]) -> None:
        """Look in some roots.

        Args:
            scopes: by source name.
        """
        self._ledger = ledger
        self._scopes = scopes
        self._roots = roots

    def family(
        self, session: SessionUsage
    ) -> tuple[FamilyUsage, dict[str, list[tuple[str, bool]]]]:
        """Return the family of a session resolved anew, and the files of its threads.

        The files are paths by thread id, each with whether it is still there.
        """
        scope = self._scopes[session.source]
        thread_ids, usage = set[str](), FamilyUsage({}, (), frozenset())
        for name in self._names_of(session):
            if name not in thread_ids:
                names, found = family_of(self._ledger, scope, name)
                thread_ids |= names
                usage = FamilyUsage(
                    usage.threads | found.threads, usage.drops + found.drops, frozenset()
                )
        return usage, {thread_id: self._files_of(scope, thread_id) for thread_id in thread_ids}

    def _names_of(self, session: SessionUsage) -> list[str]:
        """Return the session and its threads, which need not be one family."""
        scope = self._scopes[session.source]
        threads = self._ledger.threads_of(scope, session.session_id)
        return [session.session_id, *(thread.thread_id for thread in threads)]

    def threads_of(self, session: SessionUsage) -> list[ThreadSpan]:
        """Return the threads of a session, itself included, by id.

        Of a log that is read line by line there are none: what the ledger keeps are hours.
        """
        if any(root.source.read_on for root in self._roots if root.source.name == session.source):
            return []
        return self._ledger.threads_of(self._scopes[session.source], session.session_id)

    def files_of(self, session: SessionUsage) -> list[str]:
        """Return the paths of a session's own thread, of files that are still there."""
        files = self._files_of(self._scopes[session.source], session.session_id)
        return [path for path, present in files if present]

    def _files_of(self, scope: Scope, thread_id: str) -> list[tuple[str, bool]]:
        folders = {root.root_id: root.folder for root in self._roots}
        return [
            (str(folders[root_id] / name), present)
            for root_id, name, present in self._ledger.files.telling_of(scope.scope_id, thread_id)
        ]
