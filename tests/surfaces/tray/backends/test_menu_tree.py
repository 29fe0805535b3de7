"""What a host is told when one menu follows another."""

from hypothesis import given
from hypothesis import strategies as st

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.backends.menu_tree import ROOT, Change, MenuTree, Node
from amp_tray.surfaces.tray.menu import Entry, MenuModel, Row, Separator

PAUSE = Action(ActionKind.PAUSE)


def model(*entries: Entry) -> MenuModel:
    return MenuModel(entries)


def number(tree: MenuTree, label: str) -> int:
    return next(node.number for node in tree.all() if node.properties.get("label") == label)


def test_rows_become_nodes_with_dbusmenu_properties() -> None:
    tree = MenuTree()
    submenu = Row("s", "More", children=(Row("c", "snake_case", enabled=False),))
    check = Row("p", "Pause", PAUSE, checked=True)
    change = tree.update(model(submenu, Separator("-"), check))
    assert change.parents == (ROOT,)
    assert tree.root.children == (
        Node(1, {"label": "More", "children-display": "submenu"}, None,
             (Node(2, {"label": "snake__case", "enabled": False}),)),
        Node(3, {"type": "separator"}),
        Node(4, {"label": "Pause", "toggle-type": "checkmark", "toggle-state": 1}, PAUSE),
    )  # fmt: skip


def test_the_same_menu_changes_nothing() -> None:
    tree = MenuTree()
    tree.update(model(Row("a", "A")))
    revision = tree.revision
    assert tree.update(model(Row("a", "A"))) == Change()
    assert tree.revision == revision


def test_labels_and_checks_are_patched_without_a_new_revision() -> None:
    tree = MenuTree()
    tree.update(model(Row("a", "A"), Row("p", "P", checked=False), Row("e", "E", enabled=False)))
    revision = tree.revision
    change = tree.update(model(Row("a", "B"), Row("p", "P", checked=True), Row("e", "E")))
    assert change == Change(
        updated={1: {"label": "B"}, 2: {"toggle-state": 1}},
        removed={3: ["enabled"]},
    )
    assert tree.revision == revision


def test_a_new_a_lost_and_a_moved_row_change_the_shape() -> None:
    one, two = Row("a", "A"), Row("b", "B")
    for before, after in [((one,), (one, two)), ((one, two), (one,)), ((one, two), (two, one))]:
        tree = MenuTree()
        tree.update(model(*before))
        revision = tree.revision
        assert tree.update(model(*after)).parents == (ROOT,)
        assert tree.revision == revision + 1


def test_a_change_deep_in_a_submenu_is_a_change_of_that_submenus_shape() -> None:
    tree = MenuTree()
    tree.update(model(Row("s", "S", children=(Row("a", "A"),))))
    change = tree.update(model(Row("s", "S", children=(Row("a", "A2"), Row("b", "B")))))
    assert change.parents == (number(tree, "S"),)
    assert change.updated == {2: {"label": "A2"}}


def test_a_row_of_another_kind_is_another_item() -> None:
    # A host makes a submenu, a check or a line when it makes the item, and never afterwards.
    kinds: list[Entry] = [
        Row("a", "A"),
        Row("a", "A", checked=False),
        Row("a", "A", checked=False, radio=True),
        Row("a", "A", children=(Row("b", "B"),)),
        Separator("a"),
    ]
    tree = MenuTree()
    seen = set()
    for entry in kinds:
        assert ROOT in tree.update(model(entry)).parents
        seen.add(tree.root.children[0].number)
    assert len(seen) == len(kinds)


def test_one_of_several_is_a_radio_item() -> None:
    tree = MenuTree()
    tree.update(model(Row("r", "R", checked=True, radio=True)))
    assert tree.root.children[0].properties == {
        "label": "R",
        "toggle-type": "radio",
        "toggle-state": 1,
    }


def test_numbers_stay_with_their_rows_and_are_never_given_again() -> None:
    tree = MenuTree()
    tree.update(model(Row("a", "A"), Row("b", "B")))
    kept, gone = number(tree, "A"), number(tree, "B")
    tree.update(model(Row("c", "C"), Row("a", "A")))
    assert number(tree, "A") == kept
    assert number(tree, "C") not in {kept, gone}
    assert tree.get(gone) is None
    tree.update(model(Row("b", "B")))
    assert number(tree, "B") != gone


ROWS = st.lists(
    st.builds(Row, st.sampled_from("abcdef"), st.sampled_from(["x", "y"])),
    unique_by=lambda row: row.id,
).map(tuple)


@given(st.lists(ROWS, max_size=6))
def test_a_host_that_follows_the_changes_holds_the_menu(menus: list[tuple[Row, ...]]) -> None:
    tree = MenuTree()
    held: dict[int, dict[str, object]] = {ROOT: dict(tree.root.properties)}
    order: tuple[int, ...] = ()
    for rows in menus:
        change = tree.update(MenuModel(rows))
        for changed, properties in change.updated.items():
            held[changed].update(properties)
        if change.parents:
            order = tuple(child.number for child in tree.root.children)
            held = {
                node.number: held.get(node.number, dict(node.properties)) for node in tree.all()
            }
        assert order == tuple(child.number for child in tree.root.children)
        assert held == {node.number: node.properties for node in tree.all()}
