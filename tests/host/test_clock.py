"""The system's zone by its name, whatever `TZ` says."""

from pathlib import Path

import pytest

from amp_tray.host import clock


@pytest.mark.parametrize(
    ("tz", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":Asia/Tokyo", "Asia/Tokyo"),
        ("UTC", "UTC"),
    ],
)
def test_tz_names_the_zone(tz: str, name: str) -> None:
    zone, found = clock.local_zone({"TZ": tz})
    assert (str(zone), found) == (name, name)


def test_the_link_names_the_zone_where_tz_does_not(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/America/New_York")
    assert clock.local_zone({}, str(link))[1] == "America/New_York"
    assert clock.local_zone({"TZ": ""}, str(link))[1] == "America/New_York"


def test_without_either_it_is_what_the_system_says(tmp_path: Path) -> None:
    zone, name = clock.local_zone({}, str(tmp_path / "missing"))
    assert str(zone) == name


@pytest.mark.parametrize(
    ("seconds_west", "name"),
    [(0, "Etc/UTC"), (-3600, "Etc/GMT-1"), (5 * 3600, "Etc/GMT+5"), (-20700, "Etc/GMT-6")],
)
def test_a_rule_without_a_name_is_its_standard_times_whole_hour(
    monkeypatch: pytest.MonkeyPatch, seconds_west: int, name: str
) -> None:
    monkeypatch.setattr(clock, "_asked_zone", lambda: "")
    monkeypatch.setattr("time.timezone", seconds_west)
    assert clock.local_zone({"TZ": "ABC0"})[1] == name


def test_the_clock_counts_milliseconds() -> None:
    assert 1_700_000_000_000 < clock.now_ms() < 10_000_000_000_000
