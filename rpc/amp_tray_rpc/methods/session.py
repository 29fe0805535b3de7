"""`session.*`: the connection itself."""

from os import getpid

from amp_tray_rpc import PROTOCOL
from amp_tray_rpc.backend import Json
from amp_tray_rpc.messages import HelloParams, HelloResult
from amp_tray_rpc.methods.context import Context

SERVER_NAME = "amp-tray"
"""How the service calls itself."""


async def hello(context: Context, _params: HelloParams) -> Json:
    """Introduce the service; the client compares `protocol` and decides."""
    return HelloResult(
        server=SERVER_NAME,
        version=context.backend.version,
        protocol=PROTOCOL,
        pid=getpid(),
        revision=context.backend.revision,
    ).model_dump()
