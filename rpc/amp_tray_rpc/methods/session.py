"""`session.*`: the connection itself."""

from os import getpid

from amp_tray_rpc import PROTOCOL
from amp_tray_rpc.backend import Json
from amp_tray_rpc.errors import other_protocol, wrong_token
from amp_tray_rpc.messages import AuthenticateParams, HelloParams
from amp_tray_rpc.methods.context import Context

SERVER_NAME = "amp-tray"
"""How the service calls itself."""


async def authenticate(context: Context, params: AuthenticateParams) -> Json:
    """Let the peer in that shows the token; a connection that needs none takes any."""
    if not context.admission.show(params.token):
        raise wrong_token()
    return {"authenticated": True}


async def hello(context: Context, params: HelloParams) -> Json:
    """Introduce the service to a client that can talk to it."""
    if params.protocol is not None:
        _check_major(params.protocol)
    return {
        "server": SERVER_NAME,
        "version": context.backend.version,
        "protocol": PROTOCOL,
        "pid": getpid(),
        "revision": context.backend.revision,
    }


def _check_major(protocol: str) -> None:
    theirs, ours = (int(version.partition(".")[0]) for version in (protocol, PROTOCOL))
    if theirs != ours:
        older = "the client" if theirs < ours else "amp-tray"
        raise other_protocol(f"this service speaks protocol {PROTOCOL}: update {older}")
