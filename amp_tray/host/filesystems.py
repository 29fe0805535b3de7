"""Which file system a place is on: some tell nobody here what other machines change."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")

# Where others than this kernel write: other machines, or the host of a virtual one.
NETWORK_TYPES = frozenset(
    (
        *("9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "gcsfuse", "gfs2"),
        *("glusterfs", "gpfs", "gvfsd-fuse", "juicefs", "lustre", "moosefs", "ncpfs", "nfs"),
        *("nfs4", "ocfs2", "orangefs", "prl_fs", "rclone", "s3fs", "smb2", "smb3", "smbfs"),
        *("sshfs", "vboxsf", "virtiofs", "vmhgfs", "vmhgfs-fuse"),
    )
)


def network_file_system(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the type of the network file system that a place is on, None where it is on none.

    A place that does not exist yet is on what its nearest ancestor is on. Asking may wait for
    a server that is gone. Where the system does not list its mounts, all counts as local.

    Source: Linux, proc_pid_mountinfo(5).
    """
    try:
        text = mounts.read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    place = os.path.realpath(path)
    found, best = "", ""
    for point, kind in _mounts(text):
        # Of mounts over one another, the last is in force.
        if len(point) >= len(best) and (place + "/").startswith(point.rstrip("/") + "/"):
            found, best = kind, point
    kind = found.removeprefix("fuse.")
    return kind if kind in NETWORK_TYPES else None


def _mounts(text: str) -> Iterator[tuple[str, str]]:
    """Yield each mount's point and type."""
    for line in text.splitlines():
        head, _, tail = line.partition(" - ")
        fields, kind = head.split(" "), tail.partition(" ")[0]
        if len(fields) > 4 and kind:  # noqa: PLR2004 - the fifth field is the mount point
            yield re.sub(r"\\([0-7]{3})", lambda byte: chr(int(byte[1], 8)), fields[4]), kind
