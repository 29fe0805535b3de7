"""By which words this very installation is started again, also tomorrow.

Paths are kept as they were used: what a package manager leaves in `bin` is often a link, which
stays where it is when an upgrade replaces what it leads to.
"""

import os
from pathlib import Path

NAME = "amp-tray"


def lasting_command(
    argv0: str, executable: str, *, frozen: bool = False, platform: str
) -> tuple[str, ...]:
    """Return the words, the first an absolute path.

    Args:
        argv0: by what path this process's program was started (`sys.argv[0]`).
        executable: the Python that runs it, or the program itself where that is bundled.
        frozen: whether it is bundled.
        platform: as in `sys.platform`.
    """
    program = _absolute(executable)
    if frozen:
        return (str(program),)
    if platform == "win32":
        # The script beside it opens a console window, and so does python.exe.
        windowless = program.with_name("pythonw.exe")
        return (str(windowless if windowless.is_file() else program), "-m", "amp_tray")
    for script in (_absolute(argv0), program.with_name(NAME)):
        if script.name == NAME and script.is_file() and os.access(script, os.X_OK):
            return (str(script),)
    return (str(program), "-m", "amp_tray")


def _absolute(name: str) -> Path:
    path = Path(name).absolute()
    return path.parent.resolve() / path.name if ".." in path.parts else path
