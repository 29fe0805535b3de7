"""`service.*`: the service's health and its course."""

from amp_tray_rpc.backend import Json
from amp_tray_rpc.messages import NoParams, PauseParams
from amp_tray_rpc.methods.context import Context


async def status(context: Context, _params: NoParams) -> Json:
    """Return the service's health."""
    return await context.backend.status()


async def refresh(context: Context, _params: NoParams) -> Json:
    """Rescan now."""
    return await context.backend.refresh()


async def pause(context: Context, params: PauseParams) -> Json:
    """Stop reading files, or go on."""
    return await context.backend.pause(params.paused)


async def shutdown(context: Context, _params: NoParams) -> Json:
    """Stop the service; the answer is sent first."""
    return await context.backend.shutdown()
