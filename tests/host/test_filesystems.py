"""Which file system a place is on, as the kernel lists its mounts."""

from pathlib import Path

import pytest

from amp_tray.host.filesystems import network_file_system

MOUNTS = r"""
21 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
22 21 0:20 / /proc rw - proc proc rw
40 21 0:40 / /nowhere/net/my\040home rw,relatime shared:9 - nfs4 server:/home rw,vers=4.2
41 21 0:41 / /nowhere/net rw - autofs systemd-1 rw
42 21 0:42 / /nowhere/far rw - fuse.sshfs me@there:/ rw,user_id=0
43 40 0:43 / /nowhere/net/my\040home/.local rw master:3 propagate_from:2 - btrfs /dev/sdb rw
44 21 0:44 / /nowhere/over rw - cifs //server/share rw
45 44 0:45 / /nowhere/over rw - ext4 /dev/sdc1 rw
46 21 0:46 / /nowhere/win rw - 9p drvfs rw
a line of another shape
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/nowhere/else", None),
        ("/nowhere/net/my home/amp", "nfs4"),
        ("/nowhere/net/my home", "nfs4"),
        ("/nowhere/net/my home/.local/share/amp", None),  # a local disk within it
        ("/nowhere/net/my home2", None),
        ("/nowhere/far/amp/threads", "sshfs"),
        ("/nowhere/farther", None),
        ("/nowhere/over/amp", None),  # a local disk over it
        ("/nowhere/win", "9p"),
    ],
)
def test_the_innermost_mount_says_it(mounts: Path, place: str, kind: str | None) -> None:
    assert network_file_system(Path(place), mounts) == kind


def test_a_link_counts_as_what_it_leads_to(tmp_path: Path, mounts: Path) -> None:
    (tmp_path / "amp").symlink_to("/nowhere/far/amp")
    assert network_file_system(tmp_path / "amp/threads", mounts) == "sshfs"


def test_where_nothing_lists_the_mounts_all_is_local(tmp_path: Path) -> None:
    assert network_file_system(Path("/nowhere/far"), tmp_path / "missing") is None


def test_this_systems_own_mounts_can_be_read(tmp_path: Path) -> None:
    assert network_file_system(Path("/proc")) is None
