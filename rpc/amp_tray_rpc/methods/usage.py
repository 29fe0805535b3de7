"""`usage.*`: what it costs now, and being told when that changes."""

from amp_tray_rpc.backend import Json
from amp_tray_rpc.messages import NoParams, ThreadParams
from amp_tray_rpc.methods.context import Context


async def summary(context: Context, _params: NoParams) -> Json:
    """Return today, this month and the state around them."""
    return await context.backend.summary()


async def thread(context: Context, params: ThreadParams) -> Json:
    """Return one session in detail."""
    return await context.backend.thread(params.session_id)


async def subscribe(context: Context, _params: NoParams) -> Json:
    """Notify this connection of every later revision; this one is not notified."""
    context.subscriber.subscribe()
    return _state(context, subscribed=True)


async def unsubscribe(context: Context, _params: NoParams) -> Json:
    """Notify this connection no more."""
    context.subscriber.unsubscribe()
    return _state(context, subscribed=False)


def _state(context: Context, *, subscribed: bool) -> Json:
    return {"subscribed": subscribed, "revision": context.backend.revision}
