"""Fixtures: a stand-in for `amp`, and what a round with it works with."""

from pathlib import Path

import pytest

from amp_tray.config.sync import SyncOptions
from amp_tray.sync.places import Places
from amp_tray.sync.rounds import Setup
from tests.support.amp_program import AmpProgram
from tests.sync.clock import Clock


@pytest.fixture
def amp(tmp_path: Path) -> AmpProgram:
    return AmpProgram(tmp_path / "bin")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def setup(tmp_path: Path, amp: AmpProgram, clock: Clock) -> Setup:
    return Setup(
        places=Places(tmp_path / "data"),
        options=SyncOptions(program=str(amp.path), call_seconds=20),
        env={"PATH": "/usr/bin:/bin", "SECRET_TOKEN": "hush", "AMP_API_KEY": "hush"},
        home=tmp_path,
        most_export_bytes=1024 * 1024,
        clock=clock,
        pause_seconds=0,
    )
