"""`amp-tray autostart`: whether the program is started at login, how, and changing it."""

import json
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from amp_tray.core.text import clean
from amp_tray.surfaces.cli.program import Program

if TYPE_CHECKING:
    from amp_tray.host.autostart.login import Autostart
    from amp_tray.host.autostart.places import Method

_PATH_WIDTH = 4096

_as_json = click.option("-j", "--json", "as_json", is_flag=True, help="Print the JSON document.")


@click.group()
def autostart() -> None:
    """Start at login, or not.

    The tray is started, which is the service too. With `--method systemd` a unit of your own is
    the service, which then runs without a desktop as well, and the tray finds it running.

    \b
    Examples:
      amp-tray autostart enable
      amp-tray autostart status
      amp-tray autostart disable
    """  # noqa: D301 - \b keeps the lines


@autostart.command()
@click.option(
    "--method",
    type=click.Choice(["xdg", "systemd"]),
    help="By the desktop's autostart directory, or by a systemd unit beside it (both on Linux).",
)
@_as_json
@click.pass_obj
def enable(program: Program, /, method: "Method | None", *, as_json: bool) -> None:
    """Start at login, from the next one on; again after this program was moved."""
    _show(program.start_at_login.enable(method), as_json=as_json)


@autostart.command()
@_as_json
@click.pass_obj
def disable(program: Program, /, *, as_json: bool) -> None:
    """Do not start at login; what runs goes on."""
    _show(program.start_at_login.disable(), as_json=as_json)


@autostart.command()
@_as_json
@click.pass_obj
def status(program: Program, /, *, as_json: bool) -> None:
    """Say what starts at login, and whether that program is still there."""
    _show(program.start_at_login.status(), as_json=as_json)


def autostart_document(found: "Autostart") -> dict[str, Any]:
    """Return how it stands as JSON values.

    `enabled`, `method` (null when not enabled), `command` (what starts the tray, or would),
    `exists` (the programs are there), `path` (where that is written, or null) and `entries`:
    `path`, `command`, `enabled` and `exists` each.
    """
    return {
        "enabled": found.enabled,
        "method": found.method,
        "command": [clean(word, _PATH_WIDTH) for word in found.command],
        "exists": found.exists,
        "path": found.path and clean(found.path, _PATH_WIDTH),
        "entries": [
            {
                "path": clean(entry.place, _PATH_WIDTH),
                "command": [clean(word, _PATH_WIDTH) for word in entry.command],
                "enabled": entry.on,
                "exists": entry.exists,
            }
            for entry in found.entries
        ],
    }


def autostart_lines(document: dict[str, Any]) -> Iterator[str]:
    """Yield the lines that tell of it."""
    if not document["enabled"]:
        yield "Does not start at login; `amp-tray autostart enable` would have it start"
        yield f"  {shlex.join(document['command'])}"
    for entry in document["entries"]:
        command = shlex.join(entry["command"]) or "nothing that can be read"
        if not entry["enabled"]:
            yield f"Turned off: {entry['path']}"
        else:
            yield f"Starts at login ({document['method']}): {command}"
            yield f"  by {entry['path']}"
        if entry["enabled"] and not entry["exists"]:
            yield "  That program is not there any more; `amp-tray autostart enable` mends it."


def _show(found: "Autostart", *, as_json: bool) -> None:
    document = autostart_document(found)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, separators=(",", ":")))
        return
    for line in autostart_lines(document):
        click.echo(line)
