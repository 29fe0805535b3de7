"""`amp-tray config`: where the settings lie, what is in force and why, and changing them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from amp_tray.core.errors import AmpTrayError
from amp_tray.core.text import clean
from amp_tray.surfaces.cli.program import Program

_PATH_WIDTH = 4096


@click.group()
def config() -> None:
    """Look at the settings and change them.

    An option goes over an AMP_TRAY_* variable, that over config.toml, that over the default.

    \b
    Examples:
      amp-tray config show
      amp-tray config set timezone Europe/Berlin
      amp-tray config set sources.amp.roots '["~/.local/share/amp", "/mnt/laptop/amp"]'
    """  # noqa: D301 - \b keeps the lines


@config.command()
@click.pass_obj
def path(program: Program) -> None:
    """Print where config.toml lies, or would."""
    click.echo(str(program.config_path))


@config.command()
@click.option("-j", "--json", "as_json", is_flag=True, help="Print the JSON document.")
@click.pass_obj
def show(program: Program, *, as_json: bool) -> None:
    """Show every setting, its value and where that comes from."""
    rows = effective_settings(program)
    if as_json:
        import json  # noqa: PLC0415

        click.echo(json.dumps(rows, ensure_ascii=False, separators=(",", ":")))
        return
    width = max(map(len, rows))
    for key, row in rows.items():
        value = "" if row["value"] is None else clean(_shown(row["value"]), _PATH_WIDTH)
        click.echo(f"{key:<{width}}  {value}  ({row['origin']})")


@config.command()
@click.pass_obj
def validate(program: Program) -> None:
    """Check config.toml; exits with 1 and names the line where something is wrong."""
    from amp_tray.config.file import read_settings  # noqa: PLC0415

    if not program.config_path.exists():
        click.echo(f"{program.config_path} does not exist; the defaults are in force.")
        return
    read_settings(program.config_path)
    click.echo(f"{program.config_path} is sound.")


@config.command("set")
@click.argument("key")
@click.argument("value")
@click.pass_obj
def set_value(program: Program, /, key: str, value: str) -> None:
    """Set KEY to VALUE in config.toml; comments and order stay."""
    from amp_tray.config.file import set_setting  # noqa: PLC0415

    before = {} if program.settings_trouble else effective_settings(program)
    try:
        set_setting(program.config_path, key, value)
    except OSError as error:
        raise _unwritten(program.config_path, error) from error
    click.echo(f"{key} is {clean(value)} in {program.config_path}")
    origin = before[key]["origin"] if key in before else ""
    if origin.startswith("$"):
        click.echo(f"note: {origin} is set and goes over it", err=True)


@config.command()
@click.pass_obj
def edit(program: Program) -> None:
    """Open config.toml in your editor ($VISUAL, $EDITOR), and check it afterwards."""
    import shlex  # noqa: PLC0415

    from amp_tray.config.file import create_settings, read_settings  # noqa: PLC0415

    path = program.config_path
    editor = program.env.get("VISUAL") or program.env.get("EDITOR") or _default_editor()
    try:
        create_settings(path)
        subprocess.run([*shlex.split(editor), str(path)], check=True)  # noqa: S603 - the user's own
    except FileNotFoundError as error:
        raise AmpTrayError(
            f"{editor!r} was not found", hint="set EDITOR to your editor", title="no editor"
        ) from error
    except subprocess.CalledProcessError as error:
        raise AmpTrayError(f"{editor!r} ended with {error.returncode}", title="no edit") from error
    except OSError as error:
        raise _unwritten(path, error) from error
    read_settings(path)


@config.command()
def schema() -> None:
    """Print the JSON Schema of config.toml, for editors that check and complete it."""
    from amp_tray.config.schema import schema_text  # noqa: PLC0415

    click.echo(schema_text(), nl=False)


def effective_settings(program: Program) -> dict[str, dict[str, Any]]:
    """Return each setting's `value`, `origin` (default, config.toml or $VARIABLE) and `default`."""
    from amp_tray.config.environment import variable_text  # noqa: PLC0415
    from amp_tray.config.file import read_settings  # noqa: PLC0415
    from amp_tray.config.settings import settings_of  # noqa: PLC0415

    given: dict[str, Any] = {}
    if program.config_path.exists():
        given = {key: value for key, _, value in settings_of(read_settings(program.config_path))}
    rows = {}
    for key, variable, default in settings_of():
        value, origin = default, "default"
        if key in given:
            value, origin = given[key], "config.toml"
        named = program.env.get(variable, "")
        if named and named != variable_text(given.get(key)):
            value, origin = named, f"${variable}"
        rows[key] = {"value": value, "origin": origin, "default": default}
    return rows


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _default_editor() -> str:
    return "notepad" if sys.platform == "win32" else "vi"


def _unwritten(path: Path, error: OSError) -> AmpTrayError:
    return AmpTrayError(f"{path}: {error.strerror}", title="the settings could not be written")
