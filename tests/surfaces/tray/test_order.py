"""Rows that somebody is looking at stay where they are."""

from hypothesis import given
from hypothesis import strategies as st

from amp_tray.surfaces.tray.menu import MenuModel, Row, Separator
from amp_tray.surfaces.tray.order import in_kept_order


def menu(*names: str, said: str = "") -> MenuModel:
    children = tuple(
        Row(name, f"{name}{said}", children=(Row(f"{name}.cost", said), Separator(f"{name}.-")))
        for name in names
    )
    return MenuModel((Row("threads", "Threads", children=children), Separator("-"), Row("x", "X")))


def test_the_same_rows_keep_their_order_and_get_their_new_labels() -> None:
    kept = in_kept_order(menu("b", "a", "c", said="!"), menu("a", "b", "c"))
    assert kept == menu("a", "b", "c", said="!")


def test_a_row_that_comes_or_goes_has_them_in_the_new_order() -> None:
    for fresh in (menu("c", "b", "a"), menu("b"), menu()):
        assert in_kept_order(fresh, menu("a", "b")) == fresh


@given(st.permutations("abcd"), st.permutations("abcd"))
def test_nothing_is_lost_and_doing_it_twice_is_doing_it_once(
    fresh: list[str], shown: list[str]
) -> None:
    kept = in_kept_order(menu(*fresh), menu(*shown))
    assert kept == menu(*shown)
    assert in_kept_order(kept, menu(*shown)) == kept
