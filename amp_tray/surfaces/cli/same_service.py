"""The service, where one runs that reads the same files into the same ledger.

To load its client takes longer than to find out that none runs.
"""

import os
from typing import TYPE_CHECKING

from amp_tray.host.log import Log
from amp_tray.surfaces.cli.program import Program, Progress

if TYPE_CHECKING:
    from amp_tray_rpc.client import Client

log = Log(__name__)


def connect_to_same(program: Program, progress: Progress) -> "Client | None":
    """Return a connection to a service that would give this process's own answers.

    That is one with the same roots and the same ledger; it is waited for while its first scan
    runs, since two must not scan at once. None when there is no such service.
    """
    client = _connected(program)
    if client is None:
        log.debug("no service at %s: reading here", program.address)
        return None

    from amp_tray.surfaces.cli.ask import (  # noqa: PLC0415 - see above
        FailingServiceError,
        wait_until_ready,
    )
    from amp_tray_rpc.client import RemoteError, ServiceUnavailableError  # noqa: PLC0415

    try:
        status = wait_until_ready(client, progress)
    except (ServiceUnavailableError, RemoteError, FailingServiceError):
        log.debug("the service at %s does not answer: reading here", program.address)
        client.close()
        return None
    theirs = {(root["source"], root["path"]) for root in status["roots"]}
    ours = {(source.name, str(root)) for source, roots in program.roots().items() for root in roots}
    if theirs != ours or status["ledger"] != str(program.ledger_path):
        log.debug("the service has other roots or another ledger: reading here")
        client.close()
        return None
    log.debug("asking the service at %s (pid %s)", program.address, status["pid"])
    return client


def _connected(program: Program) -> "Client | None":
    if not any(map(os.path.lexists, program.address.places)):
        return None

    from amp_tray.surfaces.cli.ask import NoServiceError, connect  # noqa: PLC0415 - see above

    try:
        return connect(program)
    except NoServiceError:
        return None
