"""Write the manual page from the commands' own help, so that it never says otherwise.

    python packaging/dev/write_man_page.py

`tests/test_man_page.py` compares the file with what this makes.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from amp_tray import __version__
from amp_tray.surfaces.cli.main import amp_tray

TARGET = Path(__file__).parents[1] / "man/amp-tray.1"

ENVIRONMENT = {
    "AMP_DATA_DIR": "directories with Amp's threads, one or a comma list",
    "AMP_TRAY_CONFIG_DIR": "where config.toml and pricing.toml lie",
    "AMP_TRAY_DATA_DIR": "where the ledger lies",
    "AMP_TRAY_SOCKET": "where the service listens: a path, or tcp://127.0.0.1:PORT",
    "AMP_TRAY_TRANSPORT": "unix or tcp: how the service listens",
    "AMP_TRAY_OFFLINE": "1: use no network at all",
    "AMP_TRAY_MUTE": "1: no notification at all",
    "AMP_TRAY_QUIET_HOURS": "hours without notifications, such as 22:00-07:00",
    "AMP_TRAY_TIMEZONE": "IANA zone whose days count",
    "COLUMNS, NO_COLOR, FORCE_COLOR": "width and colour of tables",
    "LOG_LEVEL": "0 to 5, or silent, error, warn, info, debug, trace",
}
EXITS = {"0": "done", "1": "it failed, and stderr says why", "2": "wrong usage"}


def main() -> None:
    """Write the page."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(man_page(), encoding="utf-8")


def man_page() -> str:
    """Return the page in the macros of man(7)."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield f'.TH AMP-TRAY 1 "" "amp-tray {__version__}" "User Commands"'
    yield ".SH NAME"
    yield "amp-tray \\- what your coding agents cost"
    yield ".SH SYNOPSIS"
    yield ".B amp-tray"
    yield "[\\fIcommand\\fR] [\\fIoptions\\fR]"
    yield ".SH DESCRIPTION"
    yield from _paragraphs(amp_tray.help or "")
    yield _text(amp_tray.epilog or "")
    yield ".SH COMMANDS"
    with click.Context(amp_tray, info_name="amp-tray") as context:
        for name in amp_tray.list_commands(context):
            command = amp_tray.get_command(context, name)
            assert command is not None
            yield from _command(command, name, context)
    yield ".SH ENVIRONMENT"
    yield from _terms(ENVIRONMENT)
    yield ".SH EXIT STATUS"
    yield from _terms(EXITS)


def _command(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    with click.Context(command, info_name=name, parent=parent) as context:
        usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
        yield f".SS {_text(usage)}"
        yield from _paragraphs(command.help or "")
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context)
            if record is not None and "help" not in parameter.opts[-1]:
                yield from _terms({record[0]: record[1]})
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                assert found is not None
                yield from _command(found, inner, context)


def _paragraphs(text: str) -> Iterator[str]:
    """Yield a help text; a paragraph marked to keep its lines keeps them, as in a terminal."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        yield ".PP"
        if paragraph.startswith("\b"):
            yield ".nf"
            yield from map(_text, paragraph.lstrip("\b\n").split("\n"))
            yield ".fi"
        else:
            yield _text(" ".join(paragraph.split()))


def _terms(terms: dict[str, str]) -> Iterator[str]:
    for term, text in terms.items():
        yield ".TP"
        yield f".B {_text(term)}"
        yield _text(text)


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    # A line that begins with a dot or a quote would be a macro.
    return f"\\&{escaped}" if escaped.lstrip()[:1] in {".", "'"} else escaped


if __name__ == "__main__":
    main()
