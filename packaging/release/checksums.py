"""Write dist/SHA256SUMS over what this version is published as: `make release`.

    python packaging/release/checksums.py 1.2.3 dist

`sha256sum --check SHA256SUMS` compares what was downloaded with it.
"""

import hashlib
import sys
from pathlib import Path

KINDS = (".whl", ".tar.gz", ".zip", ".deb", ".vsix", ".cdx.json")


def main() -> None:
    """Write the file and print it."""
    version, folder = sys.argv[1], Path(sys.argv[2])
    text = checksums(folder, version)
    (folder / "SHA256SUMS").write_text(text, encoding="utf-8", newline="\n")
    print(text, end="")


def checksums(folder: Path, version: str) -> str:
    """Return a line for every file of that version, in order of their names."""
    files = [path for path in sorted(folder.iterdir()) if is_published(path.name, version)]
    if not files:
        sys.exit(f"nothing of version {version} is in {folder}")
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files
    )


def is_published(name: str, version: str) -> bool:
    """Tell whether a file belongs to a version's release; others may have been left by one before.

    The version stands behind the program's name, and ends there.
    """
    program, _, rest = name.replace("_", "-").partition(f"-{version}")
    return program == "amp-tray" and rest[:1] in {"-", "."} and name.endswith(KINDS)


if __name__ == "__main__":
    main()
