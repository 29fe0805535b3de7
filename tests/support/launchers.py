"""What launches desktop entries at login, where it is installed."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from amp_tray.host.autostart.quoting import unit_words
from tests.support.installed import needed

SECONDS = 20.0

_GENERATOR = "/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator"


def generated_command(env: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Have systemd make units of a home's autostart entries; the words that ours runs."""
    needed(_GENERATOR)
    folders = [folder / name for name in ("normal", "early", "late")]
    for each in folders:
        each.mkdir()
    subprocess.run([_GENERATOR, *folders], env=env, timeout=SECONDS, check=True)
    (unit,) = folders[2].glob("app-amp*tray@autostart.service")
    lines = unit.read_text("utf-8").splitlines()
    (command,) = (line.partition("=")[2] for line in lines if line.startswith("ExecStart="))
    return unit_words(command)
