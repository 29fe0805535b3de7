"""Files of the user's that are replaced as a whole, so that no reader finds half of one."""

import errno
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, text: str | bytes, *, suffix: str = "") -> None:
    """Replace a file, readable for the user alone; its directory is made.

    Where `path` is a link, what it leads to is replaced: one into a repository of dotfiles
    stays a link.

    Args:
        suffix: what the name of the half-written file ends in, which a kill leaves behind.

    Raises:
        OSError: it cannot be written; what was there before is as it was.
    """
    data = text.encode("utf-8") if isinstance(text, str) else text
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():  # such as /dev/null, which a link may lead to
        raise OSError(errno.EINVAL, "it is no file", str(path))
    handle, name = tempfile.mkstemp(suffix, f".{target.name}.", target.parent)
    try:
        with os.fdopen(handle, "wb") as half:
            half.write(data)
            half.flush()
            os.fsync(half.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
