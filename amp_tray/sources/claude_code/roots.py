"""Where Claude Code's session logs lie.

Source: Claude Code writes below `~/.claude/projects`, some builds of 2025 below
`$XDG_CONFIG_HOME/claude/projects`; `CLAUDE_CONFIG_DIR` names another place. Reporting tools
take a comma list of places there.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

PROJECTS = "projects"


def find_roots(env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return Claude Code's directories, existing or not; one real directory is one root."""
    listed = [part.strip() for part in env.get("CLAUDE_CONFIG_DIR", "").split(",") if part.strip()]
    if listed:
        return _distinct(_expand(part, home) for part in listed)
    config_home = env.get("XDG_CONFIG_HOME", "")
    base = Path(config_home) if Path(config_home).is_absolute() else home / ".config"
    return _distinct((home / ".claude", base / "claude"))


def projects_folder(root: Path) -> Path:
    """Return the directory of a root's logs: its `projects`, or the root where it is one."""
    return root if root.name == PROJECTS else root / PROJECTS


def is_session_log(name: str) -> bool:
    """Say whether a file of this name is a session's log, or a sub-agent's."""
    return name.endswith(".jsonl") and not name.startswith(".")


def _expand(text: str, home: Path) -> Path:
    if text == "~" or text.startswith(("~/", "~\\")):
        return home / text[1:].lstrip("/\\")
    return Path(text).absolute()


def _distinct(roots: Iterable[Path]) -> tuple[Path, ...]:
    distinct: dict[str, Path] = {}
    for root in roots:
        distinct.setdefault(os.path.realpath(projects_folder(root)), root)
    return tuple(distinct.values())
