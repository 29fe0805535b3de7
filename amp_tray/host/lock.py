"""The single-instance lock: held by a process, freed by the kernel when it dies."""

import os
import sys
from pathlib import Path

LEDGER_LOCK = "ledger.lock"
"""The file in the data directory that whoever writes the ledger holds."""


class InstanceLock:
    """A lock file that at most one process holds; its first line is the holder's pid.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock if nobody holds it; return whether it is ours.

        Raises:
            OSError: the file cannot be made.
        """
        if self._descriptor is not None:
            return True
        if not self.path.parent.is_dir():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.parent.chmod(0o700)  # whatever the umask took
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _try_lock(descriptor):
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; the file stays, since removing it would let two hold it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """Return the pid that the lock file names, None when it names none."""
        try:
            return int(self.path.read_text("ascii", "replace").partition("\n")[0])
        except (OSError, ValueError):
            return None

    def running_holder(self) -> int | None:
        """Return the pid of the process that holds the lock now, None when none does."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            return None if _try_lock(descriptor) else self.holder()
        finally:
            os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    # Far past the pid, so that others can still read who holds it.
    _LOCKED_BYTE = 1 << 30

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
