"""Versions in order."""

from itertools import pairwise

import pytest

from amp_tray import __version__
from amp_tray.host.versions import is_older, version_key

IN_ORDER = (
    *("0.0.9", "0.1.0.dev1", "0.1.0.dev2", "0.1.0.dev10", "0.1.0rc1", "0.1.0rc2", "0.1.0"),
    *("0.1.1.dev1", "0.1.1", "0.2.0", "0.10.0", "1.0.0.dev1", "1.0.0", "10.0.0"),
)


def test_each_is_older_than_the_next_and_not_the_other_way() -> None:
    for one, other in pairwise(IN_ORDER):
        assert is_older(one, other)
        assert not is_older(other, one)
        assert not is_older(one, one)


def test_the_order_is_total() -> None:
    keys = [version_key(text) for text in IN_ORDER]
    assert None not in keys
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.2",
        "1.2.3.4",
        "v1.2.3",
        "1.2.3beta1",
        "1.2.3rc",
        "1.2.x",
        "\uff11.2.3",
        "1.2.3\n",
    ],
)
def test_what_is_no_version_is_neither_older_nor_newer(text: str) -> None:
    assert version_key(text) is None
    assert not is_older(text, "1.0.0")
    assert not is_older("1.0.0", text)


def test_the_programs_own_version_is_one() -> None:
    assert version_key(__version__) is not None
