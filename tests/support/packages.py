"""The packages as `make` builds them, and the clean system that they are tried in."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from amp_tray import __version__
from tests.support.installed import give_up, install

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
BUILD_SECONDS = 300.0
SECONDS = 60.0


def make(target: str) -> None:
    """Build what one target of the Makefile builds; its output is shown where it fails."""
    done = subprocess.run(
        ["make", "--directory", ROOT, target],
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"make {target}: {done.stdout[-2000:]}{done.stderr[-4000:]}"


def built(pattern: str) -> Path:
    """Return the one file in `dist` of this version; `{version}` in the pattern is that."""
    (found,) = DIST.glob(pattern.format(version=__version__))
    return found


class CleanSystem:
    """A minimal Debian 12 of one test's own, with a plain user called ada."""

    HOME = Path("home/ada")

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def home(self) -> Path:
        """The plain user's home directory, as seen from outside."""
        return self.root / self.HOME

    def admin(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command as root to its end; it must succeed."""
        env = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
        }
        done = self._run(["chroot", str(self.root), *words], env)
        assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done

    def ada(
        self, *words: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as the plain user to its end, with next to no environment."""
        given = {"HOME": f"/{self.HOME}", "PATH": "/usr/bin:/bin", **(env or {})}
        return self._run(["chroot", "--userspec=ada:ada", str(self.root), *words], given)

    def own(self, path: Path) -> None:
        """Give what was put into the plain user's home to the plain user."""
        self.admin("chown", "-R", "ada:ada", f"/{path.relative_to(self.root)}")

    def _run(self, words: list[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        program = shutil.which(words[0])
        assert program is not None
        return subprocess.run(
            [program, *words[1:]],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


@contextmanager
def clean_system() -> Iterator[CleanSystem]:
    """Have a copy of a minimal Debian 12; skip where none can be made."""
    base = Path(
        install(
            "make_debian_root.sh",
            "debian12",
            what="a minimal Debian 12",
            needs=("debootstrap", "chroot"),
            seconds=BUILD_SECONDS,
        )
    )
    with tempfile.TemporaryDirectory(prefix="amp-tray-debian-") as folder:
        root = Path(folder) / "root"
        done = subprocess.run(
            ["cp", "-a", "--reflink=auto", base, root], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            give_up(f"the minimal Debian 12 cannot be copied: {done.stderr.strip()}")
        yield CleanSystem(root)
