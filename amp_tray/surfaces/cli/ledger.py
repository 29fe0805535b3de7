"""`amp-tray ledger`: what the ledger holds, copies of it, its soundness, and what may go.

What only reads may run beside a service; what writes takes the instance lock.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.core.text import clean
from amp_tray.surfaces.cli.ledger_info import (
    PATH_WIDTH,
    info_document,
    info_lines,
    roots_in_force,
)
from amp_tray.surfaces.cli.program import Program

if TYPE_CHECKING:  # sqlite3 and msgspec are loaded by the command that needs them
    import sqlite3

    from amp_tray.ledger.inventory import RootEntry, ScopeEntry
    from amp_tray.ledger.prune import Prunable
    from amp_tray.ledger.store import Ledger

_SHOWN = 20


class InUseError(AmpTrayError):
    """Another process has the ledger open for writing."""

    title = "the ledger is in use"


@click.group()
def ledger() -> None:
    """Look after the ledger, which keeps what was ever read.

    \b
    Examples:
      amp-tray ledger info
      amp-tray ledger export --output usage.jsonl
      amp-tray ledger import laptop.jsonl
    """  # noqa: D301 - \b keeps the examples' lines


@ledger.command()
@click.option("-j", "--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def info(program: Program, *, as_json: bool) -> None:
    """Say what the ledger holds, and what of it is archived: of files that vanished."""
    document = info_document(program)
    if as_json:
        click.echo(json.dumps(document))
        return
    for line in info_lines(document):
        click.echo(line)


@ledger.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write a file, whole.")
@click.pass_obj
def export(program: Program, *, output: Path | None) -> None:
    """Write all records as JSON lines: for safe keeping, or for another machine.

    They have tokens, credits, times, models, titles and project names; never what was said.
    """
    from amp_tray.ledger.exchange import export_lines  # noqa: PLC0415
    from amp_tray.ledger.reading import reading  # noqa: PLC0415

    with reading(program.ledger_path) as database:
        lines = export_lines(database, roots_in_force(program))
        if output is None:
            for line in lines:
                sys.stdout.buffer.write(line)
            return
        _write_whole(output, lines)


@ledger.command(name="import")
@click.argument("file", type=click.File("rb"))
@click.option("--as-root", metavar="PATH", help="Bring the usage in under this root directory.")
@click.pass_context
def import_(ctx: click.Context, /, file: IO[bytes], as_root: str | None) -> None:
    """Bring in an export: FILE, or - for what is piped in. A second time changes nothing.

    Usage of another machine goes to the first root that reports cover here, as archived;
    usage that both machines know counts once.
    """
    from amp_tray.ledger.errors import ledger_errors  # noqa: PLC0415
    from amp_tray.ledger.exchange import import_lines  # noqa: PLC0415

    program: Program = ctx.obj
    root = None if as_root is None else os.path.realpath(Path(as_root).expanduser())
    with _writing(program) as database, ledger_errors(program.ledger_path):
        done = import_lines(database, file, roots_in_force(program), root)
    click.echo(
        f"Imported: {done.added:,} records are new, {done.changed:,} have more than before,"
        f" {done.unchanged:,} were known."
    )
    for name in done.hidden_roots:
        click.echo(
            f"No report covers {clean(name, PATH_WIDTH)} now; AMP_DATA_DIR can name it.", err=True
        )
    for line in done.bad[:_SHOWN]:
        click.echo(f"line {line.number}: {clean(line.why)}", err=True)
    if len(done.bad) > _SHOWN:
        click.echo(f"and {len(done.bad) - _SHOWN:,} more lines", err=True)
    if done.bad:
        ctx.exit(1)


@ledger.command()
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check the ledger from end to end; exit 1 where anything is wrong."""
    from amp_tray.core.family import RULES_VERSION  # noqa: PLC0415
    from amp_tray.ledger.connect import note_checked  # noqa: PLC0415
    from amp_tray.ledger.verify import verify as look_through  # noqa: PLC0415

    program: Program = ctx.obj
    verdict = look_through(
        program.ledger_path, RULES_VERSION, lambda copy, scope: _resolve_anew(program, copy, scope)
    )
    for problem in verdict.problems:
        click.echo(clean(problem, PATH_WIDTH))
    if verdict.problems:
        click.echo(f"The ledger {program.ledger_path} is not sound.", err=True)
        ctx.exit(1)
    click.echo(f"Sound: {verdict.records:,} records, {verdict.events:,} usage events.")
    try:
        with _writing(program) as database:
            note_checked(database, program.queries().clock())
    except AmpTrayError:
        pass  # in use, or read-only: that it was checked is not noted


@ledger.command()
@click.option("--root", metavar="PATH", help="Forget all usage of this root directory.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def prune(program: Program, *, root: str | None, yes: bool) -> None:
    """Remove what no report covers; with --root all usage of a directory.

    Without --root no usage is lost: what goes is made anew when it is asked for again.
    """
    from amp_tray.ledger.errors import ledger_errors  # noqa: PLC0415
    from amp_tray.ledger.prune import find_prunable  # noqa: PLC0415
    from amp_tray.ledger.prune import prune as remove  # noqa: PLC0415

    with _writing(program) as database, ledger_errors(program.ledger_path):
        in_force = roots_in_force(program)
        entry = None if root is None else _root_named(database, root)
        prunable = find_prunable(database, in_force, entry)
        lines = list(_prune_lines(prunable))
        if not lines:
            click.echo("There is nothing to remove.")
            return
        for line in lines:
            click.echo(line)
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError("there is nobody to ask", hint="`--yes` removes without asking")
            if not click.confirm("Remove this?"):
                click.echo("Nothing was removed.")
                return
        remove(database, prunable)
    click.echo("Removed.")


def _prune_lines(prunable: "Prunable") -> Iterator[str]:
    for scope in prunable.scopes:
        roots = ", ".join(clean(root, PATH_WIDTH) for root in scope.roots)
        yield f"{scope.events:,} resolved events of reports on {roots}"
    if prunable.root is not None:
        root = prunable.root
        yield (
            f"all usage of {clean(root.path, PATH_WIDTH)}: {prunable.records:,} records, of"
            f" {root.present:,} files and {root.archived:,} archived ones, gone for good"
        )


def _root_named(database: "sqlite3.Connection", name: str) -> "RootEntry":
    from amp_tray.ledger.files import stored_name  # noqa: PLC0415
    from amp_tray.ledger.inventory import take_inventory  # noqa: PLC0415

    spellings = {stored_name(name), stored_name(os.path.realpath(Path(name).expanduser()))}
    roots = take_inventory(database).roots
    for root in roots:
        if root.path in spellings:
            return root
    known = ", ".join(clean(root.path, PATH_WIDTH) for root in roots) or "none"
    raise UsageError(f"the ledger has no root {clean(name)!r}", hint=f"it has: {known}")


def _resolve_anew(program: Program, copy: "Ledger", scope: "ScopeEntry") -> None:
    from amp_tray.live.writer import Writer  # noqa: PLC0415
    from amp_tray.pricing.book import open_price_book  # noqa: PLC0415
    from amp_tray.sources import SOURCES  # noqa: PLC0415

    roots = {SOURCES[scope.source]: [Path(root) for root in scope.roots]}
    prices = open_price_book(program.price_files)
    Writer(copy, roots, prices, program.queries().clock).load()


@contextmanager
def _writing(program: Program) -> "Iterator[sqlite3.Connection]":
    """Open the ledger that no other process has; a context that closes it."""
    from amp_tray.host.lock import LEDGER_LOCK, InstanceLock  # noqa: PLC0415
    from amp_tray.ledger.connect import connect  # noqa: PLC0415
    from amp_tray.ledger.errors import unusable  # noqa: PLC0415

    path = program.ledger_path
    lock = InstanceLock(path.parent / LEDGER_LOCK)
    try:
        ours = lock.acquire()
    except OSError as error:
        raise unusable(path, error) from error
    if not ours:
        raise InUseError(
            f"process {lock.holder()} has {path}", hint="stop the service first: `amp-tray stop`"
        )
    try:
        with closing(connect(path)) as database:
            yield database
    finally:
        lock.release()


def _write_whole(path: Path, lines: Iterator[bytes]) -> None:
    """Write a file of the user's alone beside its place, then move it there."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            aside.touch(0o600)
            with aside.open("wb") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise AmpTrayError(f"{path} cannot be written: {error.strerror}") from error
