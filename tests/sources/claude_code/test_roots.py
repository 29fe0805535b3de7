"""Where Claude Code's logs are looked for."""

import os
from pathlib import Path

import pytest

from amp_tray.sources import SOURCES

HOME = Path("/home/me")
CLAUDE = SOURCES["claude"]

posix = pytest.mark.skipif(os.name != "posix", reason="paths are spelled in another way")


@posix
@pytest.mark.parametrize(
    ("env", "roots"),
    [
        ({}, ["/home/me/.claude", "/home/me/.config/claude"]),
        ({"XDG_CONFIG_HOME": "/c"}, ["/home/me/.claude", "/c/claude"]),
        ({"XDG_CONFIG_HOME": "relative"}, ["/home/me/.claude", "/home/me/.config/claude"]),
        ({"CLAUDE_CONFIG_DIR": "/a, ~/b,,/a/projects"}, ["/a", "/home/me/b"]),
        ({"CLAUDE_CONFIG_DIR": " , "}, ["/home/me/.claude", "/home/me/.config/claude"]),
    ],
)
def test_roots_follow_the_environment(env: dict[str, str], roots: list[str]) -> None:
    assert [str(root) for root in CLAUDE.find_roots(env, HOME)] == roots


@posix
def test_two_names_of_one_directory_are_one_root(tmp_path: Path) -> None:
    (tmp_path / ".claude/projects").mkdir(parents=True)
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config/claude").symlink_to(tmp_path / ".claude")
    assert CLAUDE.find_roots({}, tmp_path) == (tmp_path / ".claude",)


def test_the_logs_lie_in_projects_or_the_root_is_that() -> None:
    assert CLAUDE.folder_of(Path("/a")) == Path("/a/projects")
    assert CLAUDE.folder_of(Path("/a/projects")) == Path("/a/projects")


@pytest.mark.parametrize(
    ("name", "is_log"),
    [("a.jsonl", True), ("agent-1.jsonl", True), (".a.jsonl", False), ("a.json", False)],
)
def test_a_log_is_known_by_its_name(name: str, is_log: bool) -> None:
    assert CLAUDE.is_log(name) is is_log


def test_a_session_has_no_page() -> None:
    assert CLAUDE.link_of("0199aaaa-bbbb-4ccc-8ddd-00000000000a") is None
