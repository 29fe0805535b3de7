"""`amp-tray config`, and what the settings do to other commands."""

import json
from pathlib import Path

import pytest

from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox


@pytest.fixture
def config(user: Sandbox) -> Path:
    path = user.home / ".config/amp-tray/config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_settings_are_set_shown_and_checked(user: Sandbox, config: Path) -> None:
    assert user.run("config", "path").stdout == f"{config}\n"
    assert "does not exist" in user.run("config", "validate").stdout
    assert user.run("config", "set", "timezone", "Asia/Kathmandu").returncode == 0
    rows = json.loads(user.run("config", "show", "--json").stdout)
    assert rows["timezone"] == {
        "value": "Asia/Kathmandu",
        "origin": "config.toml",
        "default": "local",
    }
    assert rows["offline"]["origin"] == "$AMP_TRAY_OFFLINE"
    assert rows["report.mode"] == {"value": "auto", "origin": "default", "default": "auto"}
    words = [line.split() for line in user.run("config", "show").stdout.splitlines()]
    assert ["timezone", "Asia/Kathmandu", "(config.toml)"] in words
    assert "is sound" in user.run("config", "validate").stdout


def test_a_variable_that_goes_over_a_setting_is_mentioned(user: Sandbox, config: Path) -> None:
    done = user.run("config", "set", "offline", "false")
    assert done.returncode == 0
    assert "AMP_TRAY_OFFLINE" in done.stderr


def test_settings_count_below_variables_and_options(user: Sandbox, config: Path) -> None:
    user.write(thread(answer(now())))
    config.write_text('timezone = "Asia/Kathmandu"\n')
    assert user.report("daily")["meta"]["timezone"] == "Asia/Kathmandu"
    with user.serving():
        assert user.report("daily")["meta"]["timezone"] == "Asia/Kathmandu"
    user.env["AMP_TRAY_TIMEZONE"] = "Asia/Tokyo"
    assert user.report("daily")["meta"]["timezone"] == "Asia/Tokyo"
    assert user.report("daily", "-z", "UTC")["meta"]["timezone"] == "UTC"


def test_roots_can_be_set(user: Sandbox, config: Path) -> None:
    user.write(thread(answer(now())))
    user.threads.parent.rename(user.home / "elsewhere")
    assert user.report("daily")["totals"]["totalTokens"] == 0
    config.write_text('[sources.amp]\nroots = ["~/elsewhere"]\n')
    assert user.report("daily")["totals"]["totalTokens"] > 0


def test_settings_that_cannot_be_stop_all_but_what_mends_them(user: Sandbox, config: Path) -> None:
    config.write_text("\nofflien = true\n")
    for command in (("report",), ("serve",), ("status",), ("config", "validate")):
        done = user.run(*command)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"{config}: line 2: offlien: there is no such setting" in done.stderr
    doctor = user.run("doctor", "--json")
    assert doctor.returncode == 1
    (problem,) = json.loads(doctor.stdout)["problems"]
    assert (problem["code"], problem["path"]) == ("settings", str(config))
    assert "line 2" in problem["message"]
    assert user.run("config", "path").returncode == 0
    assert user.run("config", "schema").returncode == 0


def test_an_editor_is_opened_and_the_file_checked_afterwards(user: Sandbox, config: Path) -> None:
    done = user.run("config", "edit", env={"VISUAL": "", "EDITOR": "sed -i '$a max_file_mb = 0'"})
    assert done.returncode == 1
    assert "max_file_mb" in done.stderr
    assert config.read_text().startswith("# Settings of amp-tray")
    done = user.run("config", "edit", env={"VISUAL": "sed -i '$d'"})
    assert done.returncode == 0, done.stderr
    done = user.run("config", "edit", env={"VISUAL": "no-such-editor"})
    assert done.returncode == 1
    assert "'no-such-editor' was not found" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_taught_to_complete(user: Sandbox, shell: str) -> None:
    done = user.run("completion", shell)
    assert done.returncode == 0
    assert "_AMP_TRAY_COMPLETE" in done.stdout


def test_commands_and_options_are_completed(user: Sandbox) -> None:
    def completed(words: str, number: int) -> list[str]:
        done = user.run(
            env={
                "_AMP_TRAY_COMPLETE": "bash_complete",
                "COMP_WORDS": words,
                "COMP_CWORD": str(number),
            }
        )
        return [line.partition(",")[2] for line in done.stdout.splitlines()]

    assert completed("amp-tray rep", 1) == ["report"]
    assert {"daily", "monthly", "session"} <= set(completed("amp-tray report ", 2))
    assert "--since" in completed("amp-tray report daily --", 3)
    assert completed("amp-tray report daily --order d", 4) == ["desc"]
