"""What files tell besides usage: what of them could not be read or used, and when limits end."""

from collections.abc import Iterable, Mapping, Sequence

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.ledger.store import Ledger, Scope
from amp_tray.live.roots import Root


class Told:
    """What a writer's roots, files and threads told last.

    Attributes:
        resets: (source, instant of the notice, instant at which the limit ends).
    """

    def __init__(self, ledger: Ledger) -> None:
        """Know of nothing yet."""
        self._ledger = ledger
        self._roots: tuple[Diagnostic, ...] = ()
        self._threads: dict[str, Diagnostic] = {}
        self._files: tuple[Diagnostic, ...] = ()
        self.resets: tuple[tuple[str, int, int], ...] = ()

    @property
    def troubles(self) -> tuple[Diagnostic, ...]:
        """What could not be listed, resolved, read or used."""
        return (*self._roots, *self._threads.values(), *self._files)

    def note_roots(self, troubles: Iterable[Diagnostic]) -> None:
        """Take what a scan could not list, in place of what the last one could not."""
        self._roots = tuple(troubles)

    def note_threads(self, resolved: Iterable[str], failed: Iterable[str]) -> None:
        """Note which threads were resolved anew, and on which of them the program failed."""
        for thread_id in resolved:
            self._threads.pop(thread_id, None)
        for thread_id in failed:
            self._threads[thread_id] = Diagnostic(
                Code.BAD_RECORD, thread_id, "the program failed on this thread"
            )

    def reload(self, roots: Sequence[Root], scopes: Mapping[str, Scope]) -> None:
        """Read what the ledger has of the files below some roots; `scopes` by source name."""
        self.resets = tuple(
            (name, *reset)
            for name in dict.fromkeys(
                root.source.name for root in roots if root.source.read_on is not None
            )
            for reset in self._ledger.places.resets(scopes[name].scope_id)
        )
        self._files = tuple(
            trouble._replace(path=str(root.folder / trouble.path))
            for root in roots
            for trouble in self._ledger.files.diagnostics(root.root_id)
        )
