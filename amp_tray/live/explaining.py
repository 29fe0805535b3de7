"""Explaining one session: its family resolved once more, with all that was dropped."""

from amp_tray.core.explain import build_explanation
from amp_tray.core.filters import session_named
from amp_tray.live.queries import Queries, encode
from amp_tray.live.writer import Writer


def explain(writer: Writer, queries: Queries, name: str) -> bytes:
    """Return the explanation of a session as JSON.

    Args:
        writer: loaded, and scanned if the files may have moved on.
        name: the session's id, or a prefix that no other has.

    Raises:
        UnknownSessionError: no such session, or several.
    """
    now = queries.clock()
    snapshot = writer.snapshot(1, scanned_at=now)
    session = session_named(snapshot, name)
    family, files = writer.lookup.family(session)
    return encode(
        build_explanation(
            session,
            family,
            files=files,
            card_of=writer.card_of,
            pricing=snapshot.pricing,
            now=now,
        )
    )
