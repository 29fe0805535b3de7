"""The vectors through scan, ledger and reports: the numbers that must come out."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.scans import figures, open_writer, scanned, snapshot_of

VECTORS = Path(__file__).parents[1] / "vectors/amp"
CASES = sorted(path.name for path in VECTORS.iterdir())


@pytest.mark.parametrize("case", CASES)
def test_vectors(tmp_path: Path, case: str) -> None:
    root = tmp_path / "amp"
    shutil.copytree(VECTORS / case, root)
    expected = json.loads((root / "expected.json").read_text("utf-8"))
    ledger = tmp_path / "ledger.db"
    assert figures(scanned(ledger, root)) == expected
    assert figures(scanned(ledger, root)) == expected
    shutil.rmtree(root)
    assert figures(scanned(ledger, root)) == expected
    writer = open_writer(ledger, root)
    assert figures(snapshot_of(writer)) == expected
    writer.close()
