"""Where the program keeps its own things for this user."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from amp_tray.core.errors import UsageError
from amp_tray_rpc.address import OVERRIDE, Address, TcpAddress, default_address

NAME = "amp-tray"


def data_directory(env: Mapping[str, str], home: Path, platform: str = sys.platform) -> Path:
    """Return where the ledger lies: `AMP_TRAY_DATA_DIR`, else the user's data directory."""
    override = env.get("AMP_TRAY_DATA_DIR", "")
    if override:
        return Path(override).expanduser().absolute()
    if platform == "linux":
        # What platformdirs answers too, without the time its import takes.
        base = Path(env.get("XDG_DATA_HOME", ""))
        return (base if base.is_absolute() else home / ".local/share") / NAME
    import platformdirs  # noqa: PLC0415 - see above

    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def archive_directory(data: Path) -> Path:
    """Return the root of exported threads in a data directory; it need not exist."""
    return data / "archive" / "amp"


def configuration_directory(
    env: Mapping[str, str], home: Path, platform: str = sys.platform
) -> Path:
    """Return where the user's settings and prices lie: `AMP_TRAY_CONFIG_DIR`, else the system's."""
    override = env.get("AMP_TRAY_CONFIG_DIR", "")
    if override:
        return Path(override).expanduser().absolute()
    if platform == "linux":
        base = Path(env.get("XDG_CONFIG_HOME", ""))
        return (base if base.is_absolute() else home / ".config") / NAME
    import platformdirs  # noqa: PLC0415 - see above

    return Path(platformdirs.user_config_dir(NAME, appauthor=False))


def socket_address(env: Mapping[str, str], home: Path) -> Address:
    """Return where the service of this user is found; raises UsageError for what is no place.

    A client finds it there by whichever way it listens.
    """
    try:
        return default_address(
            env,
            uid=os.getuid() if sys.platform != "win32" else 0,
            platform=sys.platform,
            temp_dir=_temporary_directory(env),
            cache_dir=home / "Library" / "Caches" if sys.platform == "darwin" else None,
        )
    except ValueError as error:
        raise UsageError(
            f"AMP_TRAY_SOCKET is {env[OVERRIDE]!r}",
            hint="set it to a path, or to tcp://127.0.0.1:PORT",
        ) from error


def listening_address(env: Mapping[str, str], home: Path, platform: str = sys.platform) -> Address:
    """Return where a service of this user is to listen, by the way that is configured.

    Raises:
        UsageError: `AMP_TRAY_TRANSPORT` names no way, or not that of `AMP_TRAY_SOCKET`.
    """
    place, wish = socket_address(env, home), env.get("AMP_TRAY_TRANSPORT", "").strip().lower()
    if wish not in {"", "auto", "unix", "tcp"}:
        raise UsageError(f"AMP_TRAY_TRANSPORT is {wish!r}", hint="accepted: auto, unix, tcp")
    if isinstance(place, TcpAddress):
        if wish == "unix":
            raise UsageError(
                f"the transport is unix, but AMP_TRAY_SOCKET is {place}",
                hint="leave one of them out",
            )
        return place
    by_tcp = wish == "tcp" or (wish != "unix" and platform == "win32")
    return place.tcp if by_tcp else place


def _temporary_directory(env: Mapping[str, str]) -> Path:
    if sys.platform == "win32":
        import tempfile  # noqa: PLC0415 - a slow import

        return Path(tempfile.gettempdir())
    named = Path(env.get("TMPDIR", ""))
    return named if named.is_absolute() and named.is_dir() else Path("/tmp")  # noqa: S108 - POSIX
