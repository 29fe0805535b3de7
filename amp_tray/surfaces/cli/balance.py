"""`amp-tray balance`: what is left with Amp, as `amp usage` tells it."""

import sys
from typing import TYPE_CHECKING

import click

from amp_tray.core.errors import AmpTrayError
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.sync import stopped_by_signals

if TYPE_CHECKING:
    from amp_tray.sync.balance import Balance
    from amp_tray.sync.rounds import Setup


@click.command()
@click.option("-j", "--json", "as_json", is_flag=True, help="Print the balance as JSON.")
@click.pass_obj
def balance(program: Program, *, as_json: bool) -> None:
    """Show what is left with Amp: runs `amp usage`, unless that was done in the last minutes.

    A line that is not understood is shown as Amp prints it. With `offline` set nothing is run,
    and the balance is the one that was last told.
    """
    from amp_tray.live.queries import encode  # noqa: PLC0415 - a slow import
    from amp_tray.sync.balance import balance_document, read_balance  # noqa: PLC0415

    setup = program.sync_setup
    known = read_balance(setup.places) if program.offline else _ask(setup)
    document = balance_document(known, setup.clock())
    if as_json:
        sys.stdout.buffer.write(encode(document) if document is not None else b"null")
        sys.stdout.buffer.write(b"\n")
    elif document is not None:
        for entry in document["entries"]:
            click.echo(entry["text"])
        click.echo(f"As of {document['asOf']}.")
    if known.error is not None or document is None:
        raise AmpTrayError(
            known.error or "`amp` was not asked lately, and is not run while `offline` is set",
            hint="`amp usage` in a terminal shows more",
            title="the balance is not known" if document is None else "this balance is an old one",
        )


def _ask(setup: "Setup") -> "Balance":
    from amp_tray.sync.balance import note_balance  # noqa: PLC0415 - as above

    with stopped_by_signals() as stop:
        return note_balance(setup.places, setup.amp(stop), setup.clock)
