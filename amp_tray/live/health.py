"""How the service is: the document that `service.status` shows."""

from dataclasses import dataclass

from amp_tray.core.document import Document
from amp_tray.core.report import diagnostic_rows, optional_instant
from amp_tray.core.snapshot import Snapshot
from amp_tray.live.writer import Writer


@dataclass(frozen=True, slots=True)
class Health:
    """What the service knows of itself at an instant.

    Attributes:
        writer: None while the ledger is being opened.
        snapshot: the newest, None before the first scan is done.
        failure: what failed and is not yet well again, as a sentence.
        watch_mode: how the directories are watched, None while they are not.
        watch_reason: why they are not watched natively.
        progress: files read and files to read of the scan that runs or was the last.
        prices: how fresh they are.
        scanned_at: the end of the last scan.
    """

    writer: Writer | None
    snapshot: Snapshot | None
    failure: str | None
    watch_mode: str | None
    watch_reason: str | None
    progress: tuple[int, int]
    prices: Document
    scanned_at: int | None
    uptime_ms: int
    paused: bool

    @property
    def state(self) -> str:
        """Return it in a word: `starting`, `scanning`, `ready` or `degraded`."""
        if self.failure is not None:
            return "degraded"
        if self.writer is None:
            return "starting"
        if self.snapshot is None:
            return "scanning"
        return "degraded" if self.watch_mode is None or self.writer.temporary else "ready"

    def document(self) -> Document:
        """Return the status document."""
        writer, snapshot = self.writer, self.snapshot
        return {
            "state": self.state,
            "failure": self.failure,
            "uptimeSeconds": max(0, self.uptime_ms) // 1000,
            "roots": [
                {
                    "source": root.source.name,
                    "path": str(root.path),
                    "folder": str(root.folder),
                    "exists": root.folder.is_dir(),
                }
                for root in ([] if writer is None else writer.roots)
            ],
            "watchMode": self.watch_mode,
            "watchReason": self.watch_reason,
            "files": 0 if writer is None else writer.files,
            "progress": {"done": self.progress[0], "total": self.progress[1]},
            "sessions": 0 if snapshot is None else len(snapshot.sessions),
            "diagnostics": [] if snapshot is None else diagnostic_rows(snapshot),
            "pricing": None if snapshot is None else _pricing(snapshot, self.prices),
            "newestEventAt": None
            if snapshot is None
            else optional_instant(snapshot.newest_event_at),
            "scannedAt": optional_instant(self.scanned_at),
            "revision": 0 if snapshot is None else snapshot.revision,
            "paused": self.paused,
        }


def _pricing(snapshot: Snapshot, prices: Document) -> Document:
    pricing = snapshot.pricing
    return {"origin": pricing.origin, "asOf": pricing.as_of, **prices}
