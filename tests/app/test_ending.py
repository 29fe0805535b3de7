"""The service ends within a second of being told to, whatever it is doing, and leaves no trace.

Real processes; the second is from the signal to the end of the process, and one in which nobody
else has the processors.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from amp_tray.host.lock import InstanceLock
from tests.support.patched import patched
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox, end, wait_until_it_listens
from tests.support.stopwatch import Stopwatch

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

BOTH = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])

# Each file takes a while, as on a slow disk.
SLOW_DISK = """
import time
from amp_tray.live import files
begin_log = files.begin_log
def slowly(*args, **options):
    time.sleep(0.02)
    return begin_log(*args, **options)
files.begin_log = slowly
"""
REFRESH_AT_ONCE = """
from amp_tray.live.prices import PriceWatch
PriceWatch.__init__.__kwdefaults__ |= {"first_refresh_seconds": 0, "look_seconds": 0.02}
"""

LONG = 10.0
"""Far below what hangs in these tests, far above the tenth of a second that an end takes."""


@contextmanager
def ends_within_a_second(user: Sandbox, process: "subprocess.Popen[str]") -> Iterator[None]:
    began, watch = time.monotonic(), Stopwatch()
    yield
    code = process.wait(SECONDS)
    took, alone = time.monotonic() - began, watch.seconds
    assert process.stderr is not None
    said = process.stderr.read()
    assert code == 0, said
    assert "Traceback" not in said
    assert alone < 1.0
    assert took < LONG
    assert not user.socket.exists()
    data = user.program.data_directory
    assert InstanceLock(data / "ledger.lock").running_holder() is None
    assert not list(data.glob("ledger.db-*")), "a ledger that is closed leaves no journal"
    assert not list(user.program.log_path.parent.glob("crash-*"))


@BOTH
def test_when_nothing_happens(user: Sandbox, number: signal.Signals) -> None:
    user.write(thread(answer(now())))
    with user.serving() as service, ends_within_a_second(user, service):
        service.send_signal(number)


@BOTH
def test_during_the_first_scan_which_the_next_start_takes_up(
    user: Sandbox, number: signal.Signals
) -> None:
    threads = 200  # four seconds of them
    for key in range(threads):
        user.write(thread(answer(now()), thread_id=f"T-{key:03}"))
    with patched(user, SLOW_DISK, "serve") as service:
        wait_until_it_listens(service)
        with user.client() as client:
            while client.call("service.status")["progress"]["done"] == 0:
                assert service.poll() is None
        with ends_within_a_second(user, service):
            service.send_signal(number)
    assert user.report("session")["totals"]["totalTokens"] == threads * 6110


def test_while_it_waits_for_the_ledger(user: Sandbox) -> None:
    lock = InstanceLock(user.program.data_directory / "ledger.lock")
    assert lock.acquire()
    script = """
from amp_tray.app import takeover
running_service = takeover.running_service
def noted(program):
    print("waits", flush=True)
    return running_service(program)
takeover.running_service = noted
"""
    with patched(user, script, "serve") as service:
        assert service.stdout is not None
        assert service.stdout.readline() == "waits\n"
        began = time.monotonic()
        service.send_signal(signal.SIGTERM)
        assert service.wait(SECONDS) == 0
        assert time.monotonic() - began < LONG
    lock.release()


@BOTH
def test_while_a_price_refresh_hangs_which_ends_too(user: Sandbox, number: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SECONDS)
        port = server.getsockname()[1]
        user.env |= {"AMP_TRAY_OFFLINE": "", "AMP_TRAY_PRICES_URL": f"http://127.0.0.1:{port}/"}
        with patched(user, REFRESH_AT_ONCE, "serve") as service:
            wait_until_it_listens(service)
            connection, _ = server.accept()
            connection.settimeout(SECONDS)
            with connection:
                with ends_within_a_second(user, service):
                    service.send_signal(number)
                while connection.recv(4096):
                    pass  # its request, and then the end of the child process


@BOTH
def test_with_twenty_clients_one_of_which_never_reads(
    user: Sandbox, number: signal.Signals
) -> None:
    for key in range(300):
        user.write(thread(answer(now()), thread_id=f"T-{key:03}", title="x" * 150))
    with user.serving() as service, ExitStack() as stack:
        clients = [stack.enter_context(user.client()) for _ in range(18)]
        for client in clients:
            client.call("usage.subscribe")
        deaf, waiting = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        for sock in (deaf, waiting):
            sock.connect(str(user.socket))
        request = {"jsonrpc": "2.0", "id": 1, "method": "report.session"}
        deaf.sendall((json.dumps(request) + "\n").encode() * 14)
        # When a later question of another one is answered, theirs are on their way.
        for client in clients:
            assert len(client.call("report.session")["sessions"]) == 300
        with ends_within_a_second(user, service):
            service.send_signal(number)


@BOTH
def test_signals_that_do_not_stop_coming_break_nothing(
    user: Sandbox, number: signal.Signals
) -> None:
    user.write(thread(answer(now())))
    with user.serving() as service, ends_within_a_second(user, service):
        while service.poll() is None:
            service.send_signal(number)
            service.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                service.wait(0.005)


@BOTH
def test_the_tray_process_without_a_desktop_ends_as_cleanly(
    user: Sandbox, number: signal.Signals
) -> None:
    user.write(thread(answer(now())))
    with user.started("run") as process:
        assert process.stderr is not None
        while "No tray" not in process.stderr.readline():
            assert process.poll() is None
        with ends_within_a_second(user, process):
            for _ in range(3):
                process.send_signal(number)


def test_the_tray_process_waits_for_the_end_of_the_service_that_it_hosts(user: Sandbox) -> None:
    slow = """
import asyncio
from amp_tray_rpc.server import Server
close = Server.close
async def close_slowly(self):
    await asyncio.sleep(0.3)
    await close(self)
Server.close = close_slowly
"""
    user.write(thread(answer(now())))
    with patched(user, slow, "run") as process:
        assert process.stderr is not None
        while "No tray" not in process.stderr.readline():
            assert process.poll() is None
        with ends_within_a_second(user, process):
            process.send_signal(signal.SIGTERM)


def test_a_disk_that_hangs_does_not_keep_the_process(user: Sandbox) -> None:
    hanging = """
import threading
from amp_tray.live import files
def never(*args, **options):
    print("hangs", flush=True)
    threading.Event().wait()
files.begin_log = never
import amp_tray.app.serving as serving
serving._LAST_SECONDS = 0.2
"""
    user.write(thread(answer(now())))
    with patched(user, hanging, "serve") as service:
        wait_until_it_listens(service)
        assert service.stdout is not None
        assert service.stdout.readline() == "hangs\n"
        began = time.monotonic()
        service.send_signal(signal.SIGTERM)
        assert service.wait(SECONDS) == 1
        assert time.monotonic() - began < LONG
        assert not user.socket.exists()
    assert "broken off" in user.program.log_path.read_text("utf-8")
    assert user.report("session")["totals"]["totalTokens"] == 6110


def test_a_terminal_that_closes_ends_the_service(user: Sandbox) -> None:
    leader, follower = os.openpty()
    process = subprocess.Popen(
        # The shell is the leader of a session of its own and has the terminal.
        ["setsid", "--ctty", "--wait", sys.executable, "-m", "amp_tray", "serve"],
        env=user.env,
        stdin=follower,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        os.close(follower)
        wait_until_it_listens(process)
        with user.client() as client:
            os.close(leader)
            for _ in client.notifications(timeout=SECONDS):
                pass  # until it hangs up
        process.wait(SECONDS)
    finally:
        end(process)
    assert not user.socket.exists()


def test_a_signal_while_it_stops_already_breaks_nothing(user: Sandbox) -> None:
    with user.serving() as service, user.client() as client, ends_within_a_second(user, service):
        client.call("service.shutdown")
        service.send_signal(signal.SIGTERM)
        service.send_signal(signal.SIGINT)
