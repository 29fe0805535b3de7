"""The system's zone by its name, whatever `TZ` says."""

from pathlib import Path

import pytest

from amp_tray.host import clock
from amp_tray.host.zone_name import quick_zone_name


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


def test_a_zone_that_only_tzlocal_knows_is_asked_for_again_after_a_while(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = ["Europe/Berlin", "Asia/Tokyo"]
    monotonic = 1_000_000.0
    monkeypatch.setattr("tzlocal.reload_localzone", lambda: None)
    monkeypatch.setattr("tzlocal.get_localzone_name", names.pop)
    monkeypatch.setattr("time.monotonic", lambda: monotonic)
    missing = str(tmp_path / "missing")
    assert clock.local_zone({}, missing)[1] == "Asia/Tokyo"
    assert clock.local_zone({}, missing)[1] == "Asia/Tokyo"
    monotonic += 10
    assert clock.local_zone({}, missing)[1] == "Europe/Berlin"


def test_the_clock_that_goes_on_in_sleep_rises() -> None:
    before = clock.boot_seconds()
    assert clock.boot_seconds() >= before > 0


def test_the_clock_counts_milliseconds() -> None:
    assert 1_700_000_000_000 < clock.now_ms() < 10_000_000_000_000


@pytest.mark.parametrize(
    "env",
    [
        *({}, {"TZ": "Asia/Kathmandu"}, {"TZ": ":Europe/Berlin"}, {"TZ": "No/Such"}),
        {"TZ": "/etc"},
        *({"TZ": "CET-1CEST"}, {"TZ": "../../etc/passwd"}, {"TZ": "."}, {"TZ": "Europe"}),
        {"TZ": "UTC", "AMP_TRAY_TIMEZONE": "Asia/Tokyo"},
    ],
)
def test_a_name_that_is_found_quickly_is_the_one_that_is_found_slowly(env: dict[str, str]) -> None:
    name = quick_zone_name(env)
    assert name in {None, clock.local_zone(env)[1]}


def test_usual_names_are_found_quickly(tmp_path: Path) -> None:
    (tmp_path / "zoneinfo/Asia").mkdir(parents=True)
    tokyo = tmp_path / "zoneinfo/Asia/Tokyo"
    tokyo.touch()
    link = tmp_path / "localtime"
    link.symlink_to(tokyo)
    zones = str(tmp_path / "zoneinfo")
    assert quick_zone_name({}, str(link), zones) == "Asia/Tokyo"
    assert quick_zone_name({"TZ": "Asia/Tokyo"}, "none", zones) == "Asia/Tokyo"
    assert quick_zone_name({"TZ": "Asia/Osaka"}, "none", zones) is None
