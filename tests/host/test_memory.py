"""What this process holds, and that it gives back what it no longer needs."""

import gc
import sys

import pytest

from amp_tray.host.memory import collect_as_usual, collect_rarely, give_back, resident_bytes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="told cheaply on Linux alone")

MIB = 2**20


def test_this_process_holds_some_memory() -> None:
    held = resident_bytes()
    assert held is not None
    assert MIB < held < 2**34


def test_memory_that_is_free_goes_back_to_the_system() -> None:
    pieces = [bytes(2000) for _ in range(50_000)]
    held = resident_bytes()
    del pieces[:-1]  # one at the end, so that the C library by itself gives back nothing
    give_back()
    now = resident_bytes()
    assert held is not None
    assert now is not None
    assert held - now > 50 * MIB
    assert len(pieces[0]) == 2000


def test_a_process_that_stays_looks_for_garbage_as_python_does() -> None:
    usual = gc.get_threshold()
    collect_rarely()
    rarely = gc.get_threshold()
    collect_as_usual()
    gc.unfreeze()
    assert rarely > usual == gc.get_threshold()
