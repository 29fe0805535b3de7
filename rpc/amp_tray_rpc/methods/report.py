"""`report.*`: the report documents, one handler for each kind."""

from amp_tray_rpc.backend import Json
from amp_tray_rpc.messages import ReportParams
from amp_tray_rpc.methods.context import Context, Handler


def report_of(kind: str) -> Handler:
    """Return the handler that asks the program for a report of `kind`."""

    async def report(context: Context, params: ReportParams) -> Json:
        return await context.backend.report(kind, params)

    return report
