"""Where the user's `amp` program is, and the environment that it is given.

A service that begins at login has a shorter PATH than a shell, so the places where installers
put the program are looked at too.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from amp_tray.sync.errors import NotInstalledError

_NAME = "amp"
# Below the home directory; npm, pnpm, bun, volta, yarn and Amp's own installer.
_USUAL = (
    *(".amp/bin", ".local/bin", "bin", ".npm-global/bin", ".npm/bin", ".local/share/pnpm"),
    *("Library/pnpm", ".bun/bin", ".volta/bin", ".yarn/bin", "AppData/Roaming/npm"),
)
_SYSTEM = ("/usr/local/bin", "/opt/homebrew/bin", "/home/linuxbrew/.linuxbrew/bin")

# What a program needs to start, to find its user's settings and to reach the network. No key or
# token is among them: `amp` has those of its own from `amp login`.
_NEEDED = frozenset(
    {
        *("HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
        *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"),
        *("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"),  # where a desktop keeps what it signs in
        *("AMP_URL", "AMP_SETTINGS_FILE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"),
        *("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "WINDIR", "USERPROFILE"),
        *("APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "USERNAME", "HOMEDRIVE", "HOMEPATH"),
    }
)


def find_amp(env: Mapping[str, str], home: Path, configured: str | None = None) -> Path:
    """Return the `amp` program.

    Args:
        configured: its path as the user set it; then nothing else is looked for.

    Raises:
        NotInstalledError: it is nowhere.
    """
    if configured is not None:
        path = Path(configured).expanduser()
        if not path.is_absolute() or shutil.which(path) is None:
            raise NotInstalledError(
                f"`sync.program` is {configured!r}, which is no program with its full path",
                hint="`amp-tray config set sync.program /path/to/amp` changes it",
            )
        return path
    found = shutil.which(_NAME, path=_search_path(env, home))
    if found is None or not Path(found).is_absolute():
        raise NotInstalledError(
            "the `amp` program was not found",
            hint="install Amp's CLI, or say where it is:"
            " `amp-tray config set sync.program /path/to/amp`",
        )
    return Path(found)


def child_environment(env: Mapping[str, str], home: Path, program: Path) -> dict[str, str]:
    """Return what `amp` is given of an environment: what it needs, and that it be plain."""
    given = {
        name: value
        for name, value in env.items()
        if name.upper() in _NEEDED or name.startswith("LC_")
    }
    # Its own directory first: there lies the interpreter that a version manager put beside it.
    path = os.pathsep.join((str(program.parent), _search_path(env, home)))
    return {"HOME": str(home), **given, "PATH": path, "NO_COLOR": "1", "TERM": "dumb"}


def _search_path(env: Mapping[str, str], home: Path) -> str:
    """Return the directories to look in; relative ones, such as an empty one, are left out."""
    listed = [part for part in env.get("PATH", "").split(os.pathsep) if Path(part).is_absolute()]
    usual = [str(home / part) for part in _USUAL]
    system = [] if sys.platform == "win32" else list(_SYSTEM)
    return os.pathsep.join(dict.fromkeys([*listed, *usual, *system]))
