"""The unit that packages bring is the one that `amp-tray autostart` would write."""

from pathlib import Path

from amp_tray.host.autostart.systemd import unit_text

UNIT = Path(__file__).parents[2] / "packaging/linux/amp-tray.service"


def keys_of(text: str, group: str) -> list[str]:
    """Return the lines of a group, without comments, in order of their names."""
    _, _, rest = text.partition(f"[{group}]\n")
    lines = rest.partition("\n[")[0].splitlines()
    return sorted(line for line in lines if line and not line.startswith("#"))


def test_they_run_the_same_in_the_same_way() -> None:
    written = unit_text(["/usr/bin/amp-tray", "serve"])
    packaged = UNIT.read_text("utf-8")
    assert len(keys_of(packaged, "Service")) > 10
    for group in ("Service", "Install"):
        assert keys_of(packaged, group) == keys_of(written, group)
