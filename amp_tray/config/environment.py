"""The environment with the settings of `config.toml` below it.

An option of the command line goes over a variable, a variable over the file, the file over the
default. A variable that is set to nothing counts as not set.
"""

from collections.abc import Mapping
from pathlib import Path

CONFIG_NAME = "config.toml"


def with_settings(env: Mapping[str, str], path: Path) -> dict[str, str]:
    """Return the environment with what the file sets; the file need not exist.

    Raises:
        BadSettingsError: the file says what cannot be.
    """
    if not path.exists():
        return dict(env)
    from amp_tray.config.file import read_settings  # noqa: PLC0415 - costs what few have
    from amp_tray.config.settings import settings_of  # noqa: PLC0415

    given = {
        variable: variable_text(value)
        for _, variable, value in settings_of(read_settings(path))
        if value is not None
    }
    return given | {name: value for name, value in env.items() if value or name not in given}


def source_variable(name: str) -> str:
    """Return the variable that turns a log format off, or on again."""
    return f"AMP_TRAY_SOURCE_{name.upper()}"


def is_on(env: Mapping[str, str], variable: str, *, default: bool = False) -> bool:
    """Return a switch; raises UsageError for a value that is neither on nor off.

    Args:
        default: what it is where the variable says nothing.
    """
    text = env.get(variable, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    from amp_tray.core.errors import UsageError  # noqa: PLC0415

    raise UsageError(
        f"{variable} is {text!r}", hint="accepted: 1, true, yes, on, 0, false, no, off"
    )


def variable_text(value: object) -> str:
    """Return a setting's value as its variable spells it."""
    match value:
        case bool():
            return "1" if value else "0"
        case list():
            return ",".join(map(str, value))
        case "local" | "auto":  # what no variable says
            return ""
        case _:
            return str(value)
