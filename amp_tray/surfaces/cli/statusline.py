"""`amp-tray statusline`: today and this month in one line, for tmux, shells and bars.

It may run every second. Through a running service it costs one call and loads little; without
one it reads the files itself, for no longer than a bar can wait: what it read by then is kept,
and the next run goes on from there.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import click

from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.statusline_text import (
    NAMES,
    check_template,
    escaped,
    filled,
    line_of,
    tooltip_of,
)
from amp_tray.surfaces.cli.terminal import encoded
from amp_tray_rpc.client import CallTimeoutError, Client, RemoteError, ServiceUnavailableError
from amp_tray_rpc.errors import Code

_ANSWER_SECONDS = 2.0
_READ_SECONDS = 1.5

State = Literal["ok", "stale", "offline", "paused"]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What there is to show.

    Attributes:
        summary: the `usage.summary` document, None where there is none.
        message: what is shown instead of figures.
        served: it came from a running service.
    """

    summary: Mapping[str, Any] | None
    message: str = ""
    served: bool = True

    @property
    def state(self) -> State:
        """The one word for a bar's style sheet."""
        if not self.served:
            return "offline"
        if self.summary is None:
            return "stale"
        if self.summary["paused"]:
            return "paused"
        return "stale" if self.summary["stale"] else "ok"


class _LongReadError(Exception):
    """A read is given up because whoever asked does not wait for so long."""


@click.command(epilog="\b\nNames for --format:\n" + "\n".join(
    f"  {{{name}}}{'':{14 - len(name)}}{value.help}" for name, value in NAMES.items()
))  # fmt: skip
@click.option(
    "-f", "--format", "template", metavar="TEMPLATE", help="The line, with names in braces."
)
@click.option("--waybar", is_flag=True, help="Print JSON as waybar's custom modules expect it.")
@click.pass_obj
def statusline(program: Program, *, template: str | None, waybar: bool) -> None:
    """Print today and this month in one line; quick enough to run every second.

    \b
    Examples:
      amp-tray statusline
      amp-tray statusline --format '{today} today, {burn}'
      set -g status-right '#(amp-tray statusline)'                     (tmux)
      "exec": "amp-tray statusline --waybar", "return-type": "json"    (waybar)
    """  # noqa: D301 - \b keeps the examples' lines
    if template is not None:
        check_template(template)
    answer = _ask(program)
    escape = escaped if waybar else str
    line = escape(answer.message)
    if answer.summary is not None:
        line = (
            escape(line_of(answer.summary))
            if template is None
            else filled(template, answer.summary, answer.state, escape)
        )
    if waybar:
        tooltip = escape(answer.message if answer.summary is None else tooltip_of(answer.summary))
        said = {"text": line, "alt": answer.state, "tooltip": tooltip, "class": answer.state}
        line = json.dumps(said)
    sys.stdout.buffer.write(encoded(line + "\n", sys.stdout.encoding))


def _ask(program: Program) -> _Answer:
    """Return the service's figures, this process's own where no service runs."""
    try:
        client = Client.connect(program.address, timeout=_ANSWER_SECONDS)
    except ServiceUnavailableError:
        return _read(program)
    try:
        with client:
            return _Answer(_decoded(client.call_raw("usage.summary")))
    except CallTimeoutError:
        return _Answer(None, "amp-tray: the service does not answer")
    except ServiceUnavailableError:
        return _Answer(None, "amp-tray: the service stopped", served=False)
    except RemoteError as error:
        reading = error.code == Code.NOT_READY
        return _Answer(None, "reading threads…" if reading else "amp-tray: the service fails")


def _read(program: Program) -> _Answer:
    """Read the files; a bar shows a failure's name and goes on."""
    try:
        queries, snapshot = program.read_now(_no_longer_than(_READ_SECONDS))
    except _LongReadError as progress:
        return _Answer(None, f"reading threads… {progress}", served=False)
    except UsageError:
        raise
    except AmpTrayError as error:
        return _Answer(None, f"amp-tray: {error.title}", served=False)
    return _Answer(_decoded(queries.summary(snapshot)), served=False)


def _no_longer_than(seconds: float) -> Callable[[int, int], None]:
    give_up_at = time.monotonic() + seconds

    def progress(done: int, total: int) -> None:
        if done < total and time.monotonic() > give_up_at:
            raise _LongReadError(f"{done:,} of {total:,}")

    return progress


def _decoded(data: bytes) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads(data, parse_float=Decimal)
    return summary
