"""Views of plausible summaries."""

from typing import Any

from amp_tray.surfaces.tray.state import Connection, TrayState
from amp_tray.surfaces.tray.summary import read_summary
from amp_tray.surfaces.tray.view import TrayView, build_view
from tests.surfaces.tray.summaries import NOW, summary


def view(**members: Any) -> TrayView:
    """Return the view of a summary with some members replaced, as a connected tray has it."""
    return build_view(read_summary(summary(**members)), TrayState(Connection.CONNECTED), NOW)
