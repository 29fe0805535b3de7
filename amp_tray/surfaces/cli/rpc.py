"""`amp-tray rpc`: one call to the service, for scripts."""

import json
import sys

import click

from amp_tray.core.errors import UsageError
from amp_tray.surfaces.cli.ask import call_raw, connect
from amp_tray.surfaces.cli.program import Program


@click.command()
@click.argument("method")
@click.option("-p", "--params", metavar="JSON", help='Parameters by name: \'{"since": "7d"}\'.')
@click.pass_obj
def rpc(program: Program, method: str, params: str | None) -> None:
    """Call one METHOD of the service and print its result as JSON.

    \b
    Examples:
      amp-tray rpc usage.summary
      amp-tray rpc report.daily --params '{"since": "7d"}'
    """  # noqa: D301 - \b keeps the examples' lines
    with connect(program) as client:
        sys.stdout.buffer.write(call_raw(client, method, _read_params(params)) + b"\n")


def _read_params(text: str | None) -> dict[str, object]:
    if text is None:
        return {}
    try:
        params = json.loads(text)
    except ValueError as error:
        raise UsageError(f"--params is no JSON: {error}", hint="quote it for the shell") from error
    if not isinstance(params, dict):
        raise UsageError("--params is not a JSON object", hint='such as \'{"since": "7d"}\'')
    return params
