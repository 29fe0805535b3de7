"""The `amp-tray` command: its subcommands, loaded when they are asked for, and its errors."""

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from amp_tray import __version__
from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.core.text import clean
from amp_tray.host.log_levels import SILENT, TRACE, WARN, log_level, set_up_logging
from amp_tray.surfaces.cli.program import Program

COMMANDS: Mapping[str, str] = {
    "run": "amp_tray.surfaces.cli.service:run",
    "serve": "amp_tray.surfaces.cli.service:serve",
    "status": "amp_tray.surfaces.cli.service:status",
    "stop": "amp_tray.surfaces.cli.service:stop",
    "restart": "amp_tray.surfaces.cli.restart:restart",
    "report": "amp_tray.surfaces.cli.report:report",
    "statusline": "amp_tray.surfaces.cli.statusline:statusline",
    "watch": "amp_tray.surfaces.cli.watch:watch",
    "explain": "amp_tray.surfaces.cli.explain:explain",
    "budget": "amp_tray.surfaces.cli.budget:budget",
    "balance": "amp_tray.surfaces.cli.balance:balance",
    "sync": "amp_tray.surfaces.cli.sync:sync",
    "pricing": "amp_tray.surfaces.cli.pricing:pricing",
    "ledger": "amp_tray.surfaces.cli.ledger:ledger",
    "doctor": "amp_tray.surfaces.cli.doctor:doctor",
    "config": "amp_tray.surfaces.cli.config:config",
    "autostart": "amp_tray.surfaces.cli.autostart:autostart",
    "completion": "amp_tray.surfaces.cli.completion:completion",
    "uninstall": "amp_tray.surfaces.cli.uninstall:uninstall",
    "rpc": "amp_tray.surfaces.cli.rpc:rpc",
}

# What works although config.toml does not: it helps to mend it.
_TOLERANT = frozenset({"config", "doctor", "completion", "uninstall"})

_PATH_WIDTH = 4096
_EXIT_FAILURE, _EXIT_USAGE, _EXIT_INTERRUPTED = 1, 2, 130


class _LazyGroup(click.Group):
    """A group whose commands are imported only when one of them is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command's module and return it."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(
    cls=_LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a command, `amp-tray` does what `amp-tray run` does.",
)
@click.version_option(__version__, "-V", "--version", prog_name="amp-tray")
@click.pass_context
def amp_tray(ctx: click.Context) -> None:
    """Show what your coding agents cost: in the tray, in the terminal and in your editor."""
    trouble = ctx.obj.settings_trouble
    if trouble is not None and ctx.invoked_subcommand not in _TOLERANT:
        raise trouble
    if ctx.invoked_subcommand is None:
        command = amp_tray.get_command(ctx, "run")
        assert command is not None
        ctx.invoke(command)


def run_command_line(program: Program, args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 for a failure, 2 for wrong usage.

    Args:
        program: what the commands act on.
        args: the words after the program's name; None takes the process's own.
    """
    level = WARN
    try:
        level = log_level(program.env)
        with _listening_to(level, told=bool(program.env.get("LOG_LEVEL"))):
            result = amp_tray.main(
                args=args, prog_name="amp-tray", standalone_mode=False, obj=program
            )
        if sys.stdout is not None:  # as it is where standard output was closed
            sys.stdout.flush()
    except (click.UsageError, UsageError) as error:
        return _explain(error)
    except (click.ClickException, AmpTrayError) as error:
        return _EXIT_FAILURE if level == SILENT else _explain(error)
    except (KeyboardInterrupt, click.Abort):
        return _EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader has gone; what Python would flush at exit must not raise again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # fault boundary: no traceback reaches a user
        if level == TRACE or sys.excepthook is not sys.__excepthook__:
            raise  # the user asked for it, or a crash file is made of it
        return _EXIT_FAILURE if level == SILENT else _fail_unexpectedly(error)
    return result if isinstance(result, int) else 0


@contextlib.contextmanager
def _listening_to(level: int, *, told: bool) -> Iterator[None]:
    """Keep stderr to what a log level lets through: at `silent`, to nothing.

    Args:
        told: the user asked for a level; else nothing is logged, and no time spent on it.
    """
    if told:
        set_up_logging(level)
    if level != SILENT:
        yield
        return
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stderr(nowhere),
    ):
        yield


def _explain(error: click.ClickException | AmpTrayError) -> int:
    match error:
        case click.UsageError():
            where = error.ctx.command_path if error.ctx is not None else "amp-tray"
            return _fail(_EXIT_USAGE, error.format_message(), f"see `{where} --help`")
        case click.ClickException():
            return _fail(_EXIT_FAILURE, error.format_message(), "")
        case UsageError():
            return _fail(_EXIT_USAGE, error.message, error.hint)
        case _:
            return _fail(_EXIT_FAILURE, f"{error.title}: {error.message}", error.hint)


def _fail_unexpectedly(error: Exception) -> int:
    match error:
        case OSError(strerror=str() as said, filename=str() as name):
            message = f"{clean(name, _PATH_WIDTH)}: {said}"
        case OSError(strerror=str() as said):
            message = said
        case _:  # its type alone: a message may quote what a file says
            message = f"failed unexpectedly ({type(error).__name__})"
    return _fail(_EXIT_FAILURE, message, "LOG_LEVEL=trace shows where")


def _fail(code: int, message: str, hint: str) -> int:
    click.echo(f"amp-tray: {message}", err=True)
    if hint:
        click.echo(f"  {hint}", err=True)
    return code
