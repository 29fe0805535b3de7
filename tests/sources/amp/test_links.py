"""Amp's page of a thread: for ids that Amp may have given, and for nothing that looks like one."""

import pytest

from amp_tray.sources import SOURCES

ID = "T-0199aaaa-bbbb-7ccc-8ddd-00000000000a"


def test_a_thread_has_a_page() -> None:
    assert SOURCES["amp"].link_of(ID) == f"https://ampcode.com/threads/{ID}"


@pytest.mark.parametrize(
    "thread_id",
    [
        *("", "T-", "T-1", ID[2:], ID.upper(), f"{ID}0", f"{ID}\n", f" {ID}", f"{ID}/../../login"),
        *(f"{ID}?x=1", f"{ID}#x", ID.replace("0", "\u0660"), f"javascript:alert('{ID}')"),
    ],
)
def test_another_id_has_none(thread_id: str) -> None:
    assert SOURCES["amp"].link_of(thread_id) is None
