"""What the user can do about each kind of trouble."""

from collections.abc import Mapping

from amp_tray.core.diagnostics import Code

REMEDIES: Mapping[str, str] = {
    Code.UNREADABLE_FILE: "check the file's permissions, or remove it; its last good usage counts",
    Code.TOO_LARGE: (
        "set AMP_TRAY_MAX_FILE_MB above its size if there is memory for several times as much;"
        " its last good usage counts"
    ),
    Code.TORN_FILE: (
        "export the thread again (`amp threads export`), or remove the file; its last good usage"
        " counts"
    ),
    Code.NOT_A_THREAD: "move the file out of the threads directory, or rename it without `T-`",
    Code.BAD_RECORD: "nothing need be done: all else in the file counts; a new export may help",
    Code.IMPLAUSIBLE_COUNT: "nothing need be done: the counts were taken as 0, the rest counts",
    Code.UNREADABLE_ROOT: "check the directory's permissions; usage read from it before counts",
    Code.LEDGER: (
        "check the disk's space and the directory's permissions; `amp-tray ledger verify` looks"
        " through the ledger"
    ),
    Code.PRICES: (
        "mend pricing.toml, or remove a damaged prices.json: the next refresh makes a new one;"
        " all other prices are in force"
    ),
}
"""A sentence for each code; where nothing is lost meanwhile it says so."""

SERVICE_DIFFERS = "service-differs"
SERVICE_DEGRADED = "service-degraded"
BAD_SETTINGS = "settings"
OLD_PRICES = "old-prices"
REFRESH_FAILS = "refresh-fails"
UNPRICED = "unpriced"
SYNC_FAILS = "sync-fails"
CRASH = "crash"
AUTOSTART = "autostart"

OTHER_REMEDIES: Mapping[str, str] = {
    SERVICE_DIFFERS: (
        "stop it with `amp-tray stop` and start it from this shell, or unset AMP_DATA_DIR and"
        " AMP_TRAY_DATA_DIR here"
    ),
    SERVICE_DEGRADED: "the service's log says why; it goes on by itself once the cause is gone",
    BAD_SETTINGS: "mend config.toml or the variable that is named",
    CRASH: (
        "report the file, which holds nothing of yours, and remove it; `amp-tray status` says"
        " whether the service runs again"
    ),
    AUTOSTART: (
        "run `amp-tray autostart enable` from the program that is to start at login, or"
        " `amp-tray autostart disable`"
    ),
    OLD_PRICES: "run `amp-tray pricing refresh`, or let the service run: it does so once a day",
    REFRESH_FAILS: "`amp-tray pricing refresh` tries now; the prices that were there are in force",
    SYNC_FAILS: (
        "`amp-tray sync --once` tries now; what was fetched before counts, and"
        " `amp-tray config set sync.enabled false` turns it off"
    ),
    UNPRICED: (
        "give it a price in pricing.toml; `amp-tray pricing show MODEL` says why it has none"
    ),
}


def remedy_of(code: str) -> str:
    """Return what to do about a code; nothing is known of those that a newer service tells."""
    return REMEDIES.get(code) or OTHER_REMEDIES.get(code, "update amp-tray")
