"""What a release has beside its packages: a list of what they are made of, and checksums."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from amp_tray import __version__
from tests.support.packages import DIST, ROOT, built, make

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def released() -> Path:
    """The directory of the packages; the wheel alone will do."""
    make("wheel")
    (DIST / "amp-tray_0.0.1_amd64.deb").write_bytes(b"left by an older version")
    subprocess.run(
        ["sh", "packaging/release/release.sh", ".make/packaging-env"],
        cwd=ROOT,
        check=True,
        timeout=120,
        stdout=subprocess.DEVNULL,
    )
    (DIST / "amp-tray_0.0.1_amd64.deb").unlink()
    return DIST


def test_the_checksums_are_those_of_this_version_alone(released: Path) -> None:
    subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=released, check=True
    )
    lines = (released / "SHA256SUMS").read_text("utf-8").splitlines()
    names = {line.partition("  ")[2] for line in lines}
    assert built("amp_tray-{version}-py3-none-any.whl").name in names
    assert built("amp-tray-{version}.cdx.json").name in names
    assert all(__version__ in name for name in names)


def test_the_list_names_every_library_with_its_checksums(released: Path) -> None:
    document = json.loads(built("amp-tray-{version}.cdx.json").read_text("utf-8"))
    program = document["metadata"]["component"]
    assert (program["name"], program["version"]) == ("amp-tray", __version__)
    listed = {f"{item['name']}=={item['version']}" for item in document["components"]}
    locked = (ROOT / "packaging/locked/program.txt").read_text("utf-8")
    assert listed == set(re.findall(r"^([a-z0-9-]+==[^ ]+)", locked, re.MULTILINE))
    (needs,) = (entry for entry in document["dependencies"] if entry["ref"] == program["bom-ref"])
    assert len(needs["dependsOn"]) == len(listed)
    hashes = [item["externalReferences"][0]["hashes"] for item in document["components"]]
    assert all(hashes)
