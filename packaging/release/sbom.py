"""Write what the program is made of as a CycloneDX document: `make release`.

    python packaging/release/sbom.py 1.2.3 dist/amp-tray-1.2.3.cdx.json

It lists `packaging/locked/program.txt`, every system's libraries with their checksums, by
cyclonedx-py; that leaves out the program's own version, which pyproject.toml does not have, and
that the program needs all of these.
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write the document."""
    version, target = sys.argv[1], Path(sys.argv[2])
    document = completed(listed(), version)
    target.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    _validate(target)
    print(target)


def listed() -> dict[str, Any]:
    """Return the document as cyclonedx-py makes it."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "sbom.json"
        words = ["cyclonedx_py", "requirements", "--output-reproducible", "--spec-version", "1.6"]
        words += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-file", str(made)]
        subprocess.run(
            # It warns that the program needs nothing, which is mended here.
            [sys.executable, "-W", "ignore", "-m", *words, ROOT / "packaging/locked/program.txt"],
            check=True,
        )
        document: dict[str, Any] = json.loads(made.read_text("utf-8"))
        return document


def completed(document: dict[str, Any], version: str) -> dict[str, Any]:
    """Return the document with the program's version, and with what it needs."""
    program = document["metadata"]["component"]
    program |= {"version": version, "purl": f"pkg:pypi/amp-tray@{version}"}
    needed = sorted(component["bom-ref"] for component in document["components"])
    others = [
        {**entry, "dependsOn": needed} if entry["ref"] == program["bom-ref"] else entry
        for entry in document.get("dependencies", [])
    ]
    return {**document, "dependencies": others}


def _validate(path: Path) -> None:
    """Check the document against CycloneDX's own schema."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 - of the packaging tools
        from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(path.read_text("utf-8"))
    if error is not None:
        sys.exit(f"{path} is no CycloneDX document: {error}")


if __name__ == "__main__":
    main()
