"""Asking the service, when there is one that reads the same files into the same ledger."""

import time
from collections.abc import Mapping
from typing import Any

from amp_tray.core.errors import AmpTrayError, UnknownSessionError, UsageError
from amp_tray.surfaces.cli.program import Program, Progress
from amp_tray_rpc.client import Client, RemoteError, ServiceUnavailableError

_READY_POLL_SECONDS = 0.1
_CALL_SECONDS = 60.0
# The codes of the wire for what a user can get wrong.
_ERRORS: Mapping[int, type[AmpTrayError]] = {-32602: UsageError, -32002: UnknownSessionError}


class NoServiceError(AmpTrayError):
    """A command needs the service, and none runs."""

    title = "no service"


class FailingServiceError(AmpTrayError):
    """The service runs, and cannot read what it should."""

    title = "the service fails"


def connect(program: Program) -> Client:
    """Return a connection to the service; raises NoServiceError when none runs."""
    try:
        return Client.connect(program.address, timeout=_CALL_SECONDS)
    except ServiceUnavailableError as error:
        raise NoServiceError(
            f"nothing listens at {program.address}",
            hint="start it with `amp-tray serve`, or with the tray: `amp-tray run`",
        ) from error


def connect_to_same(program: Program, progress: Progress) -> Client | None:
    """Return a connection to a service that would give this process's own answers.

    That is one with the same roots and the same ledger; it is waited for while its first scan
    runs, since two must not scan at once. None when there is no such service.
    """
    try:
        client = Client.connect(program.address, timeout=_CALL_SECONDS)
    except ServiceUnavailableError:
        _trace(program, f"no service at {program.address}: reading here")
        return None
    try:
        status = wait_until_ready(client, progress)
    except (ServiceUnavailableError, RemoteError, FailingServiceError):
        _trace(program, f"the service at {program.address} does not answer: reading here")
        client.close()
        return None
    theirs = {(root["source"], root["path"]) for root in status["roots"]}
    ours = {(source.name, str(root)) for source, roots in program.roots().items() for root in roots}
    if theirs != ours or status["ledger"] != str(program.ledger_path):
        _trace(program, "the service has other roots or another ledger: reading here")
        client.close()
        return None
    _trace(program, f"asking the service at {program.address} (pid {status['pid']})")
    return client


def _trace(program: Program, line: str) -> None:
    """Log a line where the user asked for a log; nothing else here needs the library."""
    if program.env.get("LOG_LEVEL"):
        import logging  # noqa: PLC0415 - see above

        logging.getLogger(__name__).debug(line)


def wait_until_ready(client: Client, progress: Progress) -> dict[str, Any]:
    """Return the service's status once its first scan is published.

    Raises:
        FailingServiceError: its first scan fails.
    """
    while True:
        status: dict[str, Any] = client.call("service.status")
        if status["revision"] > 0:
            return status
        if status["failure"] is not None:
            raise FailingServiceError(
                str(status["failure"]), hint="it tries again; `amp-tray status` tells more"
            )
        progress(status["progress"]["done"], status["progress"]["total"])
        time.sleep(_READY_POLL_SECONDS)


def call_raw(client: Client, method: str, params: Mapping[str, object]) -> bytes:
    """Call a method and return its result's JSON; a refusal becomes an error for the user."""
    try:
        return client.call_raw(method, params)
    except RemoteError as error:
        kind = _ERRORS.get(error.code, AmpTrayError)
        said, _, hint = error.hint.partition("; ")
        raise kind(said or error.message, hint=hint, title=error.message.lower()) from error
    except ServiceUnavailableError as error:
        raise NoServiceError("the service ended before it answered") from error
