"""What is started at login starts: before the panel, and with next to no environment."""

import asyncio
import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from amp_tray_rpc.client import Client
from tests.support.dbus import TrayHost, private_bus
from tests.support.installed import needed
from tests.support.launchers import generated_command
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox, end, wait_until_it_listens

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the desktops of Linux")


@pytest.fixture
def login(user: Sandbox) -> Iterator[dict[str, str]]:
    """The environment of a login: what its session sets, and nothing of a shell's."""
    user.configure("offline = true\n")
    user.write(thread(answer(now())))
    runtime = user.home / "run"
    with private_bus(runtime / "bus"):
        yield {"HOME": str(user.home), "XDG_RUNTIME_DIR": str(runtime)}


def entries(user: Sandbox, *words: str) -> list[list[str]]:
    """Enable it; the commands that are started at login."""
    done = user.run("autostart", "enable", *words, "--json")
    assert done.returncode == 0, done.stderr
    return [entry["command"] for entry in json.loads(done.stdout)["entries"]]


@contextlib.contextmanager
def started(command: list[str], env: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command, env=env, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        end(process)


async def quit_tray(host: TrayHost, user: Sandbox) -> None:
    """Wait for the tray with its figures, quit it, and wait until its process has ended."""
    item = await host.next_item()
    menu = await item.menu_with("6.1k tokens")
    with Client.connect(user.program.address) as client:
        pid = os.pidfd_open(client.call("session.hello")["pid"])
    try:
        await item.click(menu.find("Quit"))
        assert (await asyncio.to_thread(select.select, [pid], [], [], SECONDS))[0]
    finally:
        os.close(pid)


async def test_it_starts_before_the_panel_with_next_to_no_environment(
    user: Sandbox, login: dict[str, str]
) -> None:
    (command,) = entries(user)
    with started(command, login) as process:
        await asyncio.to_thread(wait_until_it_listens, process)
        async with TrayHost(login_bus(login)) as host:
            await quit_tray(host, user)
        assert await asyncio.to_thread(process.wait, SECONDS) == 0
    log = user.program.log_path.read_text("utf-8")
    assert "ERROR" not in log
    assert "Traceback" not in log


async def test_dex_starts_it(user: Sandbox, login: dict[str, str]) -> None:
    needed("dex")
    entries(user)
    async with TrayHost(login_bus(login)) as host:
        env = login | {"PATH": "/usr/bin:/bin", "XDG_CONFIG_DIRS": str(user.home / "none")}
        await asyncio.to_thread(subprocess.run, ["dex", "-a"], env=env, check=True, timeout=SECONDS)
        await quit_tray(host, user)


async def test_the_unit_that_systemd_makes_of_the_entry_starts_it(
    user: Sandbox, login: dict[str, str], tmp_path: Path
) -> None:
    entries(user)
    command = generated_command(login | {"XDG_CONFIG_DIRS": str(user.home / "none")}, tmp_path)
    with started(list(command), login) as process:
        async with TrayHost(login_bus(login)) as host:
            await quit_tray(host, user)
        assert await asyncio.to_thread(process.wait, SECONDS) == 0


async def test_with_systemd_the_tray_finds_its_service_and_leaves_it_running(
    user: Sandbox, login: dict[str, str]
) -> None:
    serve, run = entries(user, "--method", "systemd")
    with started(serve, login) as service:
        await asyncio.to_thread(wait_until_it_listens, service)
        async with TrayHost(login_bus(login)) as host:
            with started(run, login) as tray:
                item = await host.next_item()
                menu = await item.menu_with("6.1k tokens")
                await item.click(menu.find("Quit"))
                assert await asyncio.to_thread(tray.wait, SECONDS) == 0
        with Client.connect(user.program.address) as client:
            assert client.call("session.hello")["pid"] == service.pid


def login_bus(login: dict[str, str]) -> str:
    return f"unix:path={login['XDG_RUNTIME_DIR']}/bus"
