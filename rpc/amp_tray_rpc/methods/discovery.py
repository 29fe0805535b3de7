"""`rpc.*`: the wire itself, described for programs."""

import asyncio

from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.messages import NoParams
from amp_tray_rpc.methods.context import Context


async def discover(_context: Context, _params: NoParams) -> Json:
    """Return the OpenRPC document."""
    return EncodedJson(await asyncio.to_thread(_document))


def _document() -> bytes:
    # Its models are many, and hardly any service is ever asked for them.
    from amp_tray_rpc.openrpc import document_json  # noqa: PLC0415

    return document_json()
