"""`amp-tray restart`: the service again, in the background."""

import json
import subprocess
import threading
import time
from collections.abc import Sequence

import click

from amp_tray.core.errors import AmpTrayError
from amp_tray.host.lock import LEDGER_LOCK, InstanceLock
from amp_tray.surfaces.cli.ask import NoServiceError, call_raw, connect
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.service import stop_service, transport_option
from amp_tray_rpc.client import Client

_END_SECONDS = 10.0
_END_POLL_SECONDS = 0.05
# It may have to wait for a report that has the ledger.
_START_SECONDS = 60.0


class NotRestartedError(AmpTrayError):
    """The service did not end, or did not begin again."""

    title = "not restarted"


@click.command()
@click.option("-O", "--offline", is_flag=True, help="Use no network: prices are those on disk.")
@transport_option
@click.pass_obj
def restart(program: Program, *, offline: bool, transport: str | None) -> None:
    """Stop the service and start it again in the background.

    Where none runs it is started. It writes to its log file.
    """
    try:
        client = connect(program)
    except NoServiceError:
        click.echo("No service ran.")
    else:
        with client:
            _refuse_others(client, program)
            pid = stop_service(client)
        _wait_until_free(program, pid)
        click.echo(f"Stopped (pid {pid}).")
    options = ["--offline"] if offline else []
    if transport is not None:
        options += ["--transport", transport]
    pid = _start(program, options)
    click.echo(f"Started (pid {pid}). Its log: {program.log_path}")


def _refuse_others(client: Client, program: Program) -> None:
    """Leave alone what somebody else started, and would start anew or miss."""
    health = json.loads(call_raw(client, "service.status", {}))
    pid, host = health["pid"], health.get("hostedBy")
    if host == "systemd":
        raise NotRestartedError(
            f"systemd looks after the service (pid {pid})",
            hint="restart it with `systemctl --user restart amp-tray`",
        )
    # Older services do not say whose they are, but their trays hold a lock.
    if host == "run" or (host is None and program.tray_state()["pid"] == pid):
        raise NotRestartedError(
            f"the service runs in the tray's process (pid {pid})",
            hint="choose Quit in the tray, or `amp-tray stop`; then start `amp-tray run` again",
        )


def _wait_until_free(program: Program, pid: int) -> None:
    lock = InstanceLock(program.ledger_path.with_name(LEDGER_LOCK))
    give_up_at = time.monotonic() + _END_SECONDS
    while lock.running_holder() == pid:
        if time.monotonic() > give_up_at:
            raise NotRestartedError(f"process {pid} did not end within {_END_SECONDS:g} seconds")
        time.sleep(_END_POLL_SECONDS)


def _start(program: Program, options: Sequence[str]) -> int:
    """Start the service; return its pid once it listens, from when on it says nothing here."""
    process = subprocess.Popen(  # noqa: S603 - this very program
        [*program.command, "serve", "--detached", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    said: list[bytes] = []
    # It lets go of this pipe when it listens, or when it ends.
    reading = threading.Thread(target=lambda pipe: said.append(pipe.read()), args=[process.stderr])
    reading.daemon = True
    reading.start()
    reading.join(_START_SECONDS)
    if reading.is_alive():
        raise NotRestartedError(
            f"the service (pid {process.pid}) does not listen after {_START_SECONDS:g} seconds",
            hint=f"its log is {program.log_path}",
        )
    try:
        with connect(program) as client:
            pid: int = client.call("session.hello")["pid"]
    except NoServiceError:
        pid = 0
    if pid != process.pid:
        raise _refusal(b"".join(said).decode("utf-8", "replace"))
    process.returncode = 0  # it is on its own now
    return pid


def _refusal(said: str) -> NotRestartedError:
    """Return what kept the service from beginning, as it said itself."""
    _, _, error = f"\n{said}".rpartition("\namp-tray: ")
    reason, _, hint = (error or "it ended without a word").strip().partition("\n")
    return NotRestartedError(reason, hint=hint.strip())
