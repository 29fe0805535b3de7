"""`config.toml`: read, checked, and changed with its comments kept."""

import json
from pathlib import Path

import pytest

from amp_tray.config.environment import is_on, with_settings
from amp_tray.config.file import BadSettingsError, read_settings, set_setting
from amp_tray.config.schema import schema_text
from amp_tray.config.settings import settings_of
from amp_tray.core.errors import UsageError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "amp-tray" / "config.toml"


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


WHOLE = """
offline = true
timezone = "Asia/Kathmandu"
log_level = 4
max_file_mb = 7

[sources.amp]
enabled = true
roots = ["~/a", "/b"]

[sources.claude]
enabled = false
roots = ["~/c"]

[report]
mode = "display"
start_of_week = "sunday"

[pricing]
url = "https://prices.example/list.json"

[budgets.daily]
usd = 20
tokens = 5_000_000
credits = 100.5

[budgets.weekly]
usd = 99.5
tokens = 1
credits = 2

[budgets.monthly]
usd = 300
tokens = 3
credits = 4

[tray]
backend = "none"
metric = "tokens"

[notifications]
mute = true
budgets = false
quiet = "22:00-07:00"

[sync]
enabled = true
program = "/opt/amp/amp"
interval_minutes = 30
max_threads = 7
call_seconds = 20

[watch]
mode = "poll"

[service]
transport = "tcp"
"""


def test_the_file_lies_below_the_environment(config: Path) -> None:
    env = with_settings({"LOG_LEVEL": "5", "AMP_TRAY_MODE": "", "HOME": "/h"}, write(config, WHOLE))
    assert env == {
        "HOME": "/h",
        "LOG_LEVEL": "5",  # goes over the file
        "AMP_TRAY_MODE": "display",  # set to nothing: not set
        "AMP_TRAY_OFFLINE": "1",
        "AMP_TRAY_TIMEZONE": "Asia/Kathmandu",
        "AMP_TRAY_MAX_FILE_MB": "7",
        "AMP_TRAY_SOURCE_AMP": "1",
        "AMP_DATA_DIR": "~/a,/b",
        "AMP_TRAY_SOURCE_CLAUDE": "0",
        "CLAUDE_CONFIG_DIR": "~/c",
        "AMP_TRAY_START_OF_WEEK": "sunday",
        "AMP_TRAY_PRICES_URL": "https://prices.example/list.json",
        "AMP_TRAY_SYNC": "1",
        "AMP_TRAY_SYNC_PROGRAM": "/opt/amp/amp",
        "AMP_TRAY_SYNC_INTERVAL_MINUTES": "30",
        "AMP_TRAY_SYNC_MAX_THREADS": "7",
        "AMP_TRAY_SYNC_CALL_SECONDS": "20",
        "AMP_TRAY_BUDGET_DAILY_USD": "20",
        "AMP_TRAY_BUDGET_DAILY_TOKENS": "5000000",
        "AMP_TRAY_BUDGET_DAILY_CREDITS": "100.5",
        "AMP_TRAY_BUDGET_WEEKLY_USD": "99.5",
        "AMP_TRAY_BUDGET_WEEKLY_TOKENS": "1",
        "AMP_TRAY_BUDGET_WEEKLY_CREDITS": "2",
        "AMP_TRAY_BUDGET_MONTHLY_USD": "300",
        "AMP_TRAY_BUDGET_MONTHLY_TOKENS": "3",
        "AMP_TRAY_BUDGET_MONTHLY_CREDITS": "4",
        "AMP_TRAY_BACKEND": "none",
        "AMP_TRAY_METRIC": "tokens",
        "AMP_TRAY_MUTE": "1",
        "AMP_TRAY_NOTIFY_BUDGETS": "0",
        "AMP_TRAY_QUIET_HOURS": "22:00-07:00",
        "AMP_TRAY_WATCH": "poll",
        "AMP_TRAY_TRANSPORT": "tcp",
    }


def test_every_setting_is_in_the_example_above(config: Path) -> None:
    given = {key for key, _, _ in settings_of(read_settings(write(config, WHOLE)))}
    assert given == {key for key, _, _ in settings_of()}


def test_what_the_file_does_not_set_no_variable_says(config: Path) -> None:
    assert with_settings({"A": "b"}, config) == {"A": "b"}
    text = 'timezone = "local"\n[tray]\nbackend = "auto"\n'
    assert set(with_settings({}, write(config, text)).values()) == {""}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("offline = 1\n", "line 1: offline"),
        ('\noffline = "yes"\n', "line 2: offline"),
        ("offlien = true\n", "line 1: offlien: there is no such setting"),
        ("\n\n[pricng]\nurl = 'x'\n", "line 3: pricng: there is no such setting"),
        ("[pricing]\nurl = 'ftp://x'\n", "line 2: pricing.url"),
        ("[report]\n# why\nmode = 'Auto'\n", "line 3: report.mode"),
        ("timezone = 'Mars/Base'\n", "line 1: timezone: no such zone"),
        ("[notifications]\nquiet = '22-7'\n", "line 2: notifications.quiet: write two times"),
        ("max_file_mb = 0\n", "line 1: max_file_mb"),
        ("max_file_mb = 3.5\n", "line 1: max_file_mb"),
        ("log_level = 9\n", "line 1: log_level: use one of 0, 1"),
        ("[sources.amp]\nroots = '/x'\n", "line 2: sources.amp.roots"),
        ("[sources.amp]\nroots = ['/x', 'a,b']\n", "line 2: sources.amp.roots.1: a comma"),
        ("[sources.amp]\nroots = []\n", "line 2: sources.amp.roots"),
        ("offline = \n", "line 1"),
        (b"\xff", "UTF-8"),
        ("#" * (1024 * 1024 + 1), "1 MiB"),
    ],
)
def test_what_cannot_be_is_named_with_its_line(config: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(BadSettingsError) as refused:
        with_settings({}, write(config, text))
    assert str(config) in refused.value.message
    assert said in refused.value.message


def test_a_setting_is_set_and_comments_stay(config: Path) -> None:
    write(config, '# mine\n[pricing]\n# the list\nurl = "http://a/b" # here\n')
    set_setting(config, "offline", "true")
    set_setting(config, "pricing.url", "https://c/d")
    set_setting(config, "sources.amp.roots", '["/x"]')
    text = config.read_text()
    assert all(comment in text for comment in ("# mine", "# the list", "# here"))
    settings = read_settings(config)
    assert (settings.offline, settings.pricing.url) == (True, "https://c/d")
    assert settings.sources.amp.roots == ["/x"]


def test_a_file_is_made_for_the_user_alone(config: Path) -> None:
    set_setting(config, "timezone", "Europe/Berlin")
    assert config.read_text() == 'timezone = "Europe/Berlin"\n'
    assert config.stat().st_mode & 0o077 == 0


def test_a_linked_file_stays_a_link(config: Path, tmp_path: Path) -> None:
    mine = write(tmp_path / "dotfiles" / "amp.toml", "# mine\n")
    config.parent.mkdir()
    config.symlink_to(mine)
    set_setting(config, "offline", "true")
    assert config.is_symlink()
    assert mine.read_text() == "# mine\noffline = true\n"


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        ("offlien", "true", UsageError),
        ("pricing", "{}", UsageError),
        ("offline", "perhaps", BadSettingsError),
        ("max_file_mb", "-1", BadSettingsError),
    ],
)
def test_what_cannot_be_set_changes_nothing(
    config: Path, key: str, value: str, error: type[Exception]
) -> None:
    write(config, "# mine\n")
    with pytest.raises(error):
        set_setting(config, key, value)
    assert config.read_text() == "# mine\n"
    assert list(config.parent.iterdir()) == [config]


@pytest.mark.parametrize(
    ("text", "on"), [("1", True), ("TRUE", True), ("on", True), ("", False), ("0", False)]
)
def test_a_switch_is_on_or_off(text: str, *, on: bool) -> None:
    assert is_on({"X": text}, "X") is on


def test_another_word_for_a_switch_is_refused() -> None:
    with pytest.raises(UsageError, match="X is 'perhaps'"):
        is_on({"X": "perhaps"}, "X")


def test_the_published_schema_is_the_settings_own() -> None:
    published = (ROOT / "packaging/schemas/config.schema.json").read_text("utf-8")
    assert published == schema_text(), "run `make schemas`"
    schema = json.loads(published)
    assert schema["properties"]["offline"]["description"] == "use no network at all"
    assert schema["additionalProperties"] is False
