"""Parts of answers that are kept: never another snapshot's, whoever asks meanwhile."""

from amp_tray.core.snapshot import PricingInfo, Snapshot
from amp_tray.live.kept import Kept

OLD = Snapshot(1, {}, (), PricingInfo("bundled", "2026-01-01"), ("amp",))
NEW = OLD._replace(revision=2)


def test_a_part_is_made_once_for_a_snapshot() -> None:
    kept, made = Kept(), iter("abc")
    assert [kept.part(OLD, ("x",), lambda: next(made)) for _ in range(2)] == ["a", "a"]
    assert kept.part(OLD, ("y",), lambda: next(made)) == "b"
    assert kept.part(NEW, ("x",), lambda: next(made)) == "c"


def test_who_asks_of_another_snapshot_meanwhile_gets_and_leaves_its_own() -> None:
    kept = Kept()

    def slowly() -> str:
        assert kept.part(NEW, ("x",), lambda: "new") == "new"  # as another thread does
        return "old"

    assert kept.part(OLD, ("x",), slowly) == "old"
    assert kept.part(NEW, ("x",), lambda: "new") == "new"


def test_all_the_keys_that_are_asked_for_are_not_kept_for_ever() -> None:
    kept = Kept()
    for day in range(1000):
        assert kept.part(OLD, ("x", day), lambda day=day: day) == day  # type: ignore[misc] # bound now
    assert len(kept._held.parts) < 20
