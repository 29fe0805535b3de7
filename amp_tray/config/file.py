"""Reading and writing `config.toml`; what is wrong in it is named with its line."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from amp_tray.config.settings import Settings, settings_of
from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.host.files import write_atomically

_TEMPLATE = """\
# Settings of amp-tray. `amp-tray config show` lists all of them with their values.
#
# offline = true                    # use no network at all
# timezone = "Europe/Berlin"        # whose days count
#
# [sources.amp]
# roots = ["~/.local/share/amp"]    # directories with threads
#
# [sources.claude]
# enabled = false                   # leave Claude Code's logs alone
"""
_MOST_BYTES = 1024 * 1024


class BadSettingsError(AmpTrayError):
    """The settings cannot be used; the message names the file, the line and the setting."""

    title = "the settings cannot be used"


def read_settings(path: Path) -> Settings:
    """Return what the file sets; raises BadSettingsError for what cannot be."""
    return check_settings(_read(path), path)


def check_settings(text: str, path: Path) -> Settings:
    """Return what a text sets, that stands in a file or would; raises BadSettingsError."""
    try:
        return Settings.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _bad(path, str(error)) from error
    except ValidationError as error:
        place, message = _first(error)
        line = _line_of(text, place)
        where = f"line {line}: " if line else ""
        raise _bad(path, f"{where}{'.'.join(place)}: {message}") from None


def create_settings(path: Path) -> None:
    """Make the file where there is none, with nothing set in it; raises OSError."""
    if not path.exists():
        write_atomically(path, _TEMPLATE)


def set_setting(path: Path, key: str, value: str) -> None:
    """Set one setting in the file, which is made; comments and order stay.

    Args:
        key: dotted, such as `pricing.url`.
        value: as TOML writes it; what is no TOML value is a string.

    Raises:
        UsageError: there is no such setting.
        BadSettingsError: the value cannot be, or the file could not be used before.
    """
    import tomlkit  # noqa: PLC0415 - a slow import

    known = [name for name, _, _ in settings_of()]
    if key not in known:
        raise UsageError(f"there is no setting {key!r}", hint=f"there are: {', '.join(known)}")
    text = _read(path) if path.exists() else ""
    check_settings(text, path)
    document = tomlkit.parse(text)
    table: Any = document
    *tables, name = key.split(".")
    for part in tables:
        table = table.setdefault(part, tomlkit.table())
    table[name] = _value(value)
    changed = tomlkit.dumps(document)
    check_settings(changed, path)
    write_atomically(path, changed)


def _value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _bad(path, error.strerror or "it cannot be read") from error
    if len(data) > _MOST_BYTES:
        raise _bad(path, "it is larger than 1 MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(path, "it is no UTF-8 text") from error


def _first(error: ValidationError) -> tuple[tuple[str, ...], str]:
    first: Mapping[str, Any] = error.errors(include_url=False)[0]
    # Members of a union are named by their types too, which no file spells.
    place = tuple(str(part) for part in first["loc"] if not str(part).startswith("function-"))
    if first["type"] == "extra_forbidden":
        return place, "there is no such setting"
    message = str(first["msg"]).removeprefix("Value error, ")
    return place, message[:1].lower() + message[1:]


def _line_of(text: str, place: Sequence[str]) -> int | None:
    """Return the line that sets a key, None where it is written in another way."""
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        head = re.match(r"\s*\[+\s*([\w.\-]+)\s*\]+", line)
        key = re.match(r"\s*([\w.\-]+)\s*=", line)
        table = head[1] if head else table
        name = f"{table}.{key[1]}".lstrip(".") if key else table
        if (head or key) and _begins(place, name.split(".")):
            return number
    return None


def _begins(place: Sequence[str], name: Sequence[str]) -> bool:
    """Say whether a name is the place, or the list that the place is a member of."""
    rest = place[len(name) :]
    return list(place[: len(name)]) == list(name) and all(part.isdecimal() for part in rest)


def _bad(path: Path, message: str) -> BadSettingsError:
    return BadSettingsError(
        f"{path}: {message}", hint="`amp-tray config edit` opens it; `config validate` checks it"
    )
