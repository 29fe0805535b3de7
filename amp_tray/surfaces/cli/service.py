"""`amp-tray run|serve|status|stop`: the resident part and what it says of itself."""

import json
import sys
from datetime import UTC, datetime
from typing import Any

import click

from amp_tray.core.text import clean
from amp_tray.surfaces.cli.ask import NoServiceError, call_raw, connect
from amp_tray.surfaces.cli.glance import glance_lines
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.sync_words import short_line
from amp_tray.surfaces.cli.tray_line import tray_line
from amp_tray_rpc.client import Client, ServiceUnavailableError

_SHOWN_DIAGNOSTICS = 20
_END_SECONDS = 10.0


_offline = click.option(
    "-O", "--offline", is_flag=True, help="Use no network: prices are those on disk."
)


transport_option = click.option(
    "--transport",
    type=click.Choice(["unix", "tcp"]),
    help="Listen on a Unix socket, or on a port of this machine that a token opens.",
)
"""How the service is to be reached; `restart` has it too."""


@click.command()
@_offline
@click.pass_obj
def run(program: Program, *, offline: bool) -> None:
    """Show the tray, and be the service too where none runs.

    Without a desktop the service runs alone and says so.
    """
    program.run(say=_say, offline=offline)


@click.command()
@_offline
@transport_option
@click.option("--detached", is_flag=True, hidden=True)  # how `restart` starts it
@click.pass_obj
def serve(program: Program, *, offline: bool, transport: str | None, detached: bool) -> None:
    """Be the service: watch the threads and answer editors, without a tray."""
    program.serve(say=_say, offline=offline, transport=transport, detached=detached)


@click.command()
@click.option("-j", "--json", "as_json", is_flag=True, help="Print the service's status as JSON.")
@click.pass_obj
def status(program: Program, *, as_json: bool) -> None:
    """Say how the service is, and what today and this month cost."""
    with connect(program) as client:
        data = call_raw(client, "service.status", {})
        if as_json:
            sys.stdout.buffer.write(data + b"\n")
            return
        health = json.loads(data)
        for line in _status_lines(health):
            click.echo(line)
        click.echo(tray_line(program.tray_state(), datetime.now(UTC)))
        if health["revision"] > 0:
            for line in glance_lines(json.loads(call_raw(client, "usage.summary", {}))):
                click.echo(line)


@click.command()
@click.pass_obj
def stop(program: Program) -> None:
    """Stop the service."""
    try:
        client = connect(program)
    except NoServiceError:
        click.echo("No service runs.")
        return
    with client:
        pid = stop_service(client)
    click.echo(f"Stopped (pid {pid}).")


def stop_service(client: Client) -> int:
    """Have a service stop, and wait for that; return the pid it had.

    Raises:
        NoServiceError: it did not end in time.
    """
    pid: int = client.call("session.hello")["pid"]
    call_raw(client, "service.shutdown", {})
    # The service closes the connection when it is done.
    try:
        for _ in client.notifications(timeout=_END_SECONDS):
            pass
    except ServiceUnavailableError as error:
        raise NoServiceError(
            f"process {pid} did not end within {_END_SECONDS:g} seconds"
        ) from error
    return pid


def _say(line: str) -> None:
    click.echo(line, err=True)


def _status_lines(health: dict[str, Any]) -> list[str]:
    paused = ", paused" if health["paused"] else ""
    process = f"version {health['version']}, pid {health['pid']}, up {health['uptimeSeconds']:,} s"
    lines = [f"{'Service':<10} {health['state']}{paused} ({process})"]
    if health["failure"] is not None:
        lines.append(f"{'Failure':<10} {clean(health['failure'])}")
    settings = health.get("settings")
    if settings is not None and settings["failure"] is not None:
        said = clean(settings["failure"], 4096)
        lines.append(f"{'Settings':<10} {said}; those before are in force")
    for root in health["roots"]:
        found = "" if root["exists"] else " (not there yet; watched for)"
        lines.append(f"{'Watches':<10} {clean(root['folder'], 4096)}{found}")
    lines.append(f"{'Threads':<10} {health['files']:,} files, {health['sessions']:,} with usage")
    if health["pricing"] is not None:
        lines.append(
            f"{'Prices':<10} {health['pricing']['origin']}, as of {health['pricing']['asOf']}"
        )
    if health.get("sync") is not None:
        lines.append(f"{'Sync':<10} {short_line(health['sync'])}")
    if health.get("log") is not None:
        lines.append(f"{'Log':<10} {clean(health['log'], 4096)}")
    troubles = health["diagnostics"]
    lines += [
        f"{'Unusable':<10} {clean(item['path'], 4096)}: {clean(item['message'])}"
        for item in troubles[:_SHOWN_DIAGNOSTICS]
    ]
    if len(troubles) > _SHOWN_DIAGNOSTICS:
        lines.append(f"{'':<10} and {len(troubles) - _SHOWN_DIAGNOSTICS:,} more (--json has all)")
    return lines
