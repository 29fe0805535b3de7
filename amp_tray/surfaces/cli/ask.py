"""Asking the service: a connection to it, and its refusals as errors for the user."""

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
