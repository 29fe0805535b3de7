"""`pricing.*`: the list prices that usage is counted at."""

from amp_tray_rpc.backend import Json
from amp_tray_rpc.messages import NoParams
from amp_tray_rpc.methods.context import Context


async def refresh(context: Context, _params: NoParams) -> Json:
    """Ask for today's prices, and count all usage at them."""
    return await context.backend.refresh_prices()
