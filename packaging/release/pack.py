"""Pack the bundle into an archive: a zip on Windows, else a tar.gz.

    python packaging/release/pack.py dist/amp-tray amp-tray-1.2.3-linux-x86_64

The archive has one directory of that name, its files in order, with the time of the last commit.
"""

import gzip
import os
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

BUILT_AT = int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600"))
_ZIP_BEGINS = 315532800  # 1980: a zip knows no earlier time


def main() -> None:
    """Pack, and print the archive's path."""
    folder, name = Path(sys.argv[1]), sys.argv[2]
    pack = pack_zip if sys.platform == "win32" else pack_tar
    print(pack(folder, name))


def pack_tar(folder: Path, name: str) -> Path:
    """Pack a directory into `<name>.tar.gz` beside it."""
    target = folder.parent / f"{name}.tar.gz"
    with (
        target.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=BUILT_AT) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for path in (folder, *sorted(folder.rglob("*"))):
            inside = Path(name) / path.relative_to(folder)
            archive.add(path, str(inside), recursive=False, filter=_anonymous)
    return target


def pack_zip(folder: Path, name: str) -> Path:
    """Pack a directory into `<name>.zip` beside it."""
    target = folder.parent / f"{name}.zip"
    when = datetime.fromtimestamp(max(BUILT_AT, _ZIP_BEGINS), UTC).timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                inside = Path(name) / path.relative_to(folder)
                entry = zipfile.ZipInfo(inside.as_posix(), when)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return target


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = BUILT_AT
    return entry


if __name__ == "__main__":
    main()
