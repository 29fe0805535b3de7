"""The service, where one runs that reads the same files into the same ledger.

To load its client takes longer than to find out that none runs.
"""

import os
from typing import TYPE_CHECKING

from amp_tray.surfaces.cli.program import Program, Progress

if TYPE_CHECKING:
    from amp_tray_rpc.client import Client


def connect_to_same(program: Program, progress: Progress) -> "Client | None":
    """Return a connection to a service that would give this process's own answers.

    That is one with the same roots and the same ledger; it is waited for while its first scan
    runs, since two must not scan at once. None when there is no such service.
    """
    if not any(map(os.path.lexists, program.address.places)):
        _trace(program, f"no service at {program.address}: reading here")
        return None

    from amp_tray.surfaces.cli.ask import (  # noqa: PLC0415 - see above
        FailingServiceError,
        NoServiceError,
        connect,
        wait_until_ready,
    )
    from amp_tray_rpc.client import RemoteError, ServiceUnavailableError  # noqa: PLC0415

    try:
        client = connect(program)
    except NoServiceError:
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
