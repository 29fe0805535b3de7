"""How fetching stands, as one document for the service's status, the doctor and the command."""

from amp_tray.config.sync import SyncOptions
from amp_tray.core.document import Document
from amp_tray.core.periods import iso_instant
from amp_tray.core.text import clean
from amp_tray.host.lock import InstanceLock
from amp_tray.sync.balance import read_balance
from amp_tray.sync.places import Places
from amp_tray.sync.state import read_state

_PATH = 4096


def status_document(places: Places, options: SyncOptions, *, offline: bool) -> Document:
    """Return how fetching stands: what is set, the last round, the next."""
    state = read_state(places)
    balance = read_balance(places)
    on = options.enabled and not offline
    return {
        "enabled": options.enabled,
        "offline": offline,
        "intervalMinutes": options.interval_minutes,
        "running": InstanceLock(places.lock).running_holder() is not None,
        "program": None if state.program is None else clean(state.program, _PATH),
        "archive": clean(str(places.archive), _PATH),
        "lastRunAt": _instant(state.ended_at),
        "lastGoodAt": _instant(state.good_at),
        "lastError": state.error,
        "hint": state.hint,
        "failures": state.failures,
        "nextRunAt": _instant(state.next_at) if on else None,
        "exported": state.exported,
        "failed": state.failed,
        "refused": state.refused,
        "waiting": state.waiting,
        "exports": state.exports,
        "withoutCredits": state.without_credits,
        "withoutToolInferences": state.without_tools,
        "balanceError": balance.error,
    }


def _instant(at: int | None) -> str | None:
    return None if at is None else iso_instant(at)
