"""Rows that stay where they are while their figures change.

Threads, models and projects come by cost, and costs grow while somebody looks for one of them.
As long as a submenu has the same rows, they keep the order in which they were shown.
"""

from collections.abc import Mapping
from dataclasses import replace

from amp_tray.surfaces.tray.menu import Entry, MenuModel, Row


def in_kept_order(fresh: MenuModel, shown: MenuModel) -> MenuModel:
    """Return a menu with the order of the one shown, in each submenu that has the same rows."""
    before = {row.id: row for row in shown.rows()}
    return MenuModel(tuple(_kept(entry, before) for entry in fresh.entries))


def _kept(entry: Entry, before: Mapping[str, Row]) -> Entry:
    if not isinstance(entry, Row) or not entry.children:
        return entry
    children = tuple(_kept(child, before) for child in entry.children)
    known = before.get(entry.id)
    if known is not None:
        order = [child.id for child in known.children]
        by_id = {child.id: child for child in children}
        if len(order) == len(children) and by_id.keys() == set(order):
            children = tuple(by_id[child_id] for child_id in order)
    return replace(entry, children=children)
