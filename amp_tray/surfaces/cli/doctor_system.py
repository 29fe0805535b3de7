"""What the doctor finds around the program: settings, how files are watched, the tray."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from amp_tray.core.figures import ago
from amp_tray.core.text import clean
from amp_tray.surfaces.cli.autostart import autostart_document
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.remedies import AUTOSTART, BAD_SETTINGS, CRASH, SYNC_FAILS
from amp_tray.surfaces.cli.sync_words import lacking_line, short_line
from amp_tray.surfaces.cli.tray_line import tray_line

Json = dict[str, Any]

_PATH_WIDTH = 4096
_CRASH_COUNTS = timedelta(days=7)


def examine_system(program: Program, service: Mapping[str, Any] | None) -> Json:
    """Return `settings`, `watch`, `sync`, `tray` and `autostart`.

    Args:
        service: the status of the service that runs, None when none does.
    """
    from amp_tray.host.limits import watch_limits  # noqa: PLC0415 - a doctor's visit alone pays

    path = program.config_path
    return {
        "settings": {"path": clean(str(path), _PATH_WIDTH), "exists": path.exists()},
        "watch": {
            "mode": None if service is None else service["watchMode"],
            "reason": None if service is None else service["watchReason"],
            "limits": watch_limits(),
        },
        "sync": dict(program.sync_status()),
        "tray": dict(program.tray_state()),
        "autostart": autostart_document(program.start_at_login.status()),
    }


def system_problems(
    program: Program, service: Mapping[str, Any] | None
) -> Iterator[tuple[str, str, str]]:
    """Yield the code, path and message of what is wrong around the program."""
    from amp_tray.host.clock import now_ms  # noqa: PLC0415 - as above
    from amp_tray.host.crashes import newest_crash  # noqa: PLC0415

    settings = (service or {}).get("settings")
    if settings is not None and settings["failure"] is not None:
        said = f"the service goes on with the settings before: {settings['failure']}"
        yield BAD_SETTINGS, settings["path"], said
    for entry in program.start_at_login.status().entries:
        if entry.on and not entry.exists:
            name = entry.command[0] if entry.command else "nothing"
            yield AUTOSTART, entry.place, f"it starts {name} at login, which is not there"
    sync = program.sync_status()
    if sync["enabled"] and sync["lastError"] is not None:
        hint = f" ({sync['hint']})" if sync["hint"] else ""
        yield SYNC_FAILS, sync["program"] or "amp", f"{sync['lastError']}{hint}"
    crash = newest_crash(program.log_path.parent)
    if crash is not None:
        path, seconds = crash
        at = datetime.fromtimestamp(seconds, UTC)
        now = datetime.fromtimestamp(now_ms() / 1000, UTC)
        if now - at < _CRASH_COUNTS:
            yield CRASH, str(path), f"the program failed unexpectedly {ago(at, now)}"


def system_lines(findings: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that tell of them."""
    settings, watch, tray = findings["settings"], findings["watch"], findings["tray"]
    there = "" if settings["exists"] else " (not there: the defaults are in force)"
    yield f"{'Settings':<10} {settings['path']}{there}"
    limits = watch["limits"]
    if limits is not None:
        about = (
            f"{limits['maxUserWatches']:,} directories and {limits['maxUserInstances']:,} watchers"
        )
        mode = "" if watch["mode"] is None else f"{watch['mode']}; "
        if watch["reason"] is not None:
            mode = f"{watch['mode']} ({clean(watch['reason'])}); "
        yield f"{'Watching':<10} {mode}the system lets you have {about}"
    yield f"{'Sync':<10} {short_line(findings['sync'])}"
    lacking = lacking_line(findings["sync"])
    if lacking is not None:
        yield f"{'':<10} {lacking}"
    yield tray_line(tray, datetime.now(UTC))
    login = findings["autostart"]
    how = f"yes ({login['method']})" if login["enabled"] else "no"
    yield f"{'At login':<10} {how}"
