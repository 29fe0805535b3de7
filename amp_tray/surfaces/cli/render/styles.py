"""The looks of tables and charts; in the terminal's own colours, light or dark."""

from collections.abc import Mapping
from typing import Final

from amp_tray.surfaces.cli.render.lines import Role

HEAD_STYLE: Final = "cyan"
NOTE_STYLE: Final = "dim"
STYLES: Mapping[Role, str] = {
    "row": "",
    "active": "green",
    "gap": "dim",
    "part": "bright_black",
    "total": "bold yellow",
}
BAR_STYLES: Mapping[Role, str] = {
    "row": "cyan",
    "active": "green",
    "part": "blue",
}
