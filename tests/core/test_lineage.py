"""How threads come from one another, with files missing and in circles."""

import pytest

from amp_tray.core.lineage import Line, common_origin, session_of
from amp_tray.core.records import ThreadRecord


def family(
    mains: dict[str, str | None] | None = None,
    forks: dict[str, tuple[str | None, int | None]] | None = None,
) -> dict[str, ThreadRecord]:
    mains, forks = mains or {}, forks or {}
    return {
        name: ThreadRecord(
            name,
            1,
            None,
            0,
            main_thread_id=mains.get(name),
            origin_thread_id=forks.get(name, (None, None))[0],
            fork_point=forks.get(name, (None, None))[1],
        )
        for name in {*mains, *forks}
    }


@pytest.mark.parametrize(
    ("mains", "expected"),
    [
        pytest.param({"c": None}, "c", id="a root"),
        pytest.param({"c": "b", "b": None}, "b", id="a sub-thread"),
        pytest.param({"c": "b", "b": "a", "a": None}, "a", id="a sub-thread's sub-thread"),
        pytest.param({"c": "gone"}, "gone", id="its main thread's file is missing"),
        pytest.param({"c": "b", "b": "gone"}, "gone", id="the root's file is missing"),
        pytest.param({"c": "c"}, "c", id="its own main thread"),
        pytest.param({"c": "b", "b": "c"}, "b", id="a circle: the first by id"),
        pytest.param({"c": "z", "z": "y", "y": "z"}, "y", id="leads into a circle"),
    ],
)
def test_r3_the_session_is_the_root_thread(mains: dict[str, str | None], expected: str) -> None:
    assert session_of(family(mains), "c") == expected


def test_r3_every_thread_of_a_circle_has_one_session() -> None:
    circle = family({"a": "b", "b": "c", "c": "a", "d": "c"})
    assert {session_of(circle, name) for name in circle} == {"a"}


@pytest.mark.parametrize(
    ("forks", "owners"),
    [
        pytest.param({}, "ffff", id="no fork"),
        pytest.param({"f": ("o", 1)}, "ooff", id="origin missing"),
        pytest.param({"f": ("o", 1), "o": (None, None)}, "ooff", id="origin known"),
        pytest.param({"f": ("o", 2), "o": ("p", 0)}, "poof", id="a fork of a fork"),
        pytest.param({"f": ("o", 1), "o": ("p", 3)}, "ppff", id="the origin's own part not copied"),
        pytest.param({"f": ("o", 9)}, "oooo", id="all is copied"),
        pytest.param({"f": ("o", None)}, "ffff", id="no fork point: all is its own"),
        pytest.param({"f": ("f", 1)}, "ffff", id="its own origin"),
        pytest.param({"f": ("g", 1), "g": ("f", 1)}, "ffff", id="a circle: the first by id"),
        pytest.param({"f": ("a", 2), "a": ("f", 1)}, "aaaf", id="a circle: its part, and the rest"),
    ],
)
def test_r4_a_position_belongs_to_an_origin_recursively(
    forks: dict[str, tuple[str | None, int | None]], owners: str
) -> None:
    line = Line(family(None, forks), "f")
    assert "".join(line.owner(position) for position in range(4)) == owners


def test_r4_circles_have_one_owner_for_what_all_share() -> None:
    circle = family(None, {"a": ("b", 5), "b": ("c", 5), "c": ("a", 5)})
    assert {Line(circle, name).owner(3) for name in circle} == {"a"}


@pytest.mark.parametrize(
    ("threads", "expected"),
    [("fg", "o"), ("fo", "o"), ("hg", "g"), ("hf", "o"), ("f", "f"), ("fx", None)],
)
def test_r4_the_nearest_common_origin(threads: str, expected: str | None) -> None:
    forks: dict[str, tuple[str | None, int | None]] = {
        "f": ("o", 1),
        "g": ("o", 1),
        "h": ("g", 1),
        "o": (None, None),
        "x": (None, None),
    }
    known = family(None, forks)
    lines = {name: Line(known, name) for name in known}
    assert common_origin(lines, list(threads)) == expected


def test_a_long_line_of_forks_is_walked_in_no_time() -> None:
    depth = 300
    forks = {
        f"{n:04}": (f"{n - 1:04}" if n else None, n * 2 - 1 if n else None) for n in range(depth)
    }
    known = family(None, forks)
    line = Line(known, f"{depth - 1:04}")
    assert [line.owner(n * 2) for n in range(depth)] == [f"{n:04}" for n in range(depth)]
