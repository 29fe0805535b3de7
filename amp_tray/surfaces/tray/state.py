"""What the tray knows besides the figures: how it stands with the service, and its settings."""

from dataclasses import dataclass
from enum import StrEnum

from amp_tray.core.choices import Metric
from amp_tray.surfaces.tray.summary import Trouble


class Connection(StrEnum):
    """How the tray stands with the service.

    `CONNECTING` before the first contact, `STARTING` while the service does its first scan,
    `CONNECTED`, `FAILED` while it answers nothing that can be used, and `OFFLINE` after a
    contact failed or was lost.
    """

    CONNECTING = "connecting"
    STARTING = "starting"
    CONNECTED = "connected"
    FAILED = "failed"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class LoginStart:
    """Whether the tray starts when the user logs in.

    Attributes:
        on: it does.
        impossible: why that cannot be changed here, or empty.
    """

    on: bool
    impossible: str = ""


@dataclass(frozen=True, slots=True)
class TrayState:
    """What the tray knows besides the summary.

    Attributes:
        connection: how it stands with the service.
        paused: the user has stopped the reading of threads.
        metric: what is shown beside the icon.
        login: whether it starts at login; None until that is known.
        sync: whether the settings have Amp's own threads fetched; None until that is known.
        troubles: the first files that could not be read, while there are any.
        failure: what a click came to that did not work, as one line; empty for nothing.
    """

    connection: Connection
    paused: bool = False
    metric: Metric = "cost"
    login: LoginStart | None = None
    sync: bool | None = None
    troubles: tuple[Trouble, ...] = ()
    failure: str = ""
