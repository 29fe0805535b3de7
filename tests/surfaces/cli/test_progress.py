"""How far a scan is, on the one line that a terminal has for it."""

import pytest

from amp_tray.surfaces.cli.progress import progress_line


@pytest.mark.parametrize(
    ("done", "total", "columns", "line"),
    [
        (0, 0, 80, "Reading threads …"),
        (1_500, 3_000, 80, "Reading threads 1,500 of 3,000 " + "█" * 12 + "░" * 12),
        (3_000, 3_000, 80, "Reading threads 3,000 of 3,000 " + "█" * 24),
        (1_500, 3_000, 40, "Reading threads 1,500 of 3,000"),
        (1_500, 3_000, 10, "Reading t"),
    ],
)
def test_a_bar_and_counts_as_there_is_room(done: int, total: int, columns: int, line: str) -> None:
    assert progress_line(done, total, columns) == line
