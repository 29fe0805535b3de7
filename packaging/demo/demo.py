"""Run the whole program on sample threads, one of which keeps growing.

    python packaging/demo/demo.py [--seconds N]

Everything lies in a temporary directory: threads, ledger and socket. Nothing of the user's is
read or written. The terminal shows the glance each time the service says that it changed; on
a desktop the tray shows it too. Ends with Ctrl+C, or after N seconds.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from amp_tray.surfaces.cli.glance import glance_lines
from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.client import CallTimeoutError, Client, ServiceUnavailableError

MODELS = ("claude-opus-4-5-20251101", "claude-sonnet-4-5-20250929", "gpt-5.2")
SAMPLES = (  # title, project, days ago
    ("Teach the parser to forgive trailing commas", "compiler", 0),
    ("Why does the login test fail on Tuesdays?", "webshop", 0),
    ("Résumé of the meeting's notes", "notes", 0),
    ("Port the build to arm64", "infra", 1),
    ("Cache the price list", "webshop", 2),
    ("Rename things until they are right", "compiler", 4),
)
GROWTH_SECONDS = 2.0
START_SECONDS = 15.0


def main() -> None:
    """Make the sample threads, start the program on them and let one grow."""
    parser = argparse.ArgumentParser(description="Run amp-tray on sample threads.")
    parser.add_argument("--seconds", type=float, help="end by itself after this long")
    seconds = parser.parse_args().seconds
    # A terminal that closes must not leave the program and its files behind.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no hang-up
            signal.signal(getattr(signal, name), signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="amp-tray-demo-") as folder:
        threads = Path(folder, "amp", "threads")
        threads.mkdir(parents=True)
        samples = [make_thread(*sample) for sample in SAMPLES]
        for thread in samples:
            write_thread(threads, thread)
        stop = threading.Event()
        with program(Path(folder)) as address, growing(threads, samples[0], stop):
            if seconds is not None:
                threading.Timer(seconds, stop.set).start()
            with contextlib.suppress(KeyboardInterrupt):
                show_glances(address, stop)
        print("\nThe demo is over; its files are gone.")


def make_thread(title: str, project: str, days_ago: int) -> dict[str, Any]:
    """Return a sample thread with a handful of messages, that many days old."""
    began = datetime.now(UTC) - timedelta(days=days_ago, minutes=10)
    thread: dict[str, Any] = {
        "v": 1,
        "id": f"T-0199demo-0000-7000-8000-{random.randrange(16**12):012x}",
        "created": int(began.timestamp() * 1000),
        "title": title,
        "messages": [],
        "env": {"initial": {"trees": [{"displayName": project}]}},
    }
    for turn in range(random.randrange(3, 12)):
        add_turn(thread, began + timedelta(seconds=20 * turn))
    return thread


def add_turn(thread: dict[str, Any], at: datetime) -> None:
    """Append a question and an answer with its usage."""
    fresh, read = random.randrange(2, 400), random.randrange(8_000, 60_000)
    creation, output = random.randrange(500, 9_000), random.randrange(200, 4_000)
    messages = thread["messages"]
    messages.append(
        {
            "role": "user",
            "messageId": len(messages),
            "meta": {"sentAt": int(at.timestamp() * 1000)},
        }
    )
    messages.append(
        {
            "role": "assistant",
            "messageId": len(messages),
            "usage": {
                "model": MODELS[len(messages) // 2 % len(MODELS)],
                "inputTokens": fresh,
                "outputTokens": output,
                "cacheCreationInputTokens": creation,
                "cacheReadInputTokens": read,
                "totalInputTokens": fresh + creation + read,
                "timestamp": at.isoformat(),
            },
        }
    )
    thread["v"] += 1


def write_thread(folder: Path, thread: dict[str, Any]) -> None:
    """Write a thread as Amp does: whole, beside the target, then renamed over it."""
    target = folder / f"{thread['id']}.json"
    half = target.with_suffix(".json.amptmp")
    half.write_text(json.dumps(thread, indent=2), encoding="utf-8")
    half.replace(target)


@contextlib.contextmanager
def program(folder: Path) -> Iterator[UnixAddress]:
    """Run `amp-tray run` on the folder's threads; yield where it listens."""
    address = UnixAddress(folder / "rpc" / "rpc.sock")
    env = {
        **os.environ,
        "AMP_DATA_DIR": str(folder / "amp"),
        "AMP_TRAY_DATA_DIR": str(folder / "data"),
        "AMP_TRAY_CONFIG_DIR": str(folder / "config"),
        "AMP_TRAY_SOCKET": str(address.path),
        "AMP_TRAY_OFFLINE": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "amp_tray", "run"], env=env, start_new_session=True
    )
    try:
        yield address
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


@contextlib.contextmanager
def growing(folder: Path, thread: dict[str, Any], stop: threading.Event) -> Iterator[None]:
    """Let a thread grow by an answer every now and then, as if somebody worked in it."""

    def grow() -> None:
        while not stop.wait(GROWTH_SECONDS):
            add_turn(thread, datetime.now(UTC))
            write_thread(folder, thread)

    worker = threading.Thread(target=grow, name="demo-growth")
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def show_glances(address: UnixAddress, stop: threading.Event) -> None:
    """Print the glance each time the service says that a figure changed."""
    with connect(address) as client:
        client.call("usage.subscribe")
        print("\nA sample thread grows every two seconds. Ctrl+C ends the demo.\n")
        while not stop.is_set():
            with contextlib.suppress(CallTimeoutError):
                for notification in client.notifications(timeout=GROWTH_SECONDS):
                    if stop.is_set():
                        return
                    if notification.method != "usage.changed":
                        continue  # a budget was crossed
                    lines = glance_lines(notification.params["summary"])
                    print("  |  ".join(" ".join(line.split()) for line in lines), flush=True)


def connect(address: UnixAddress) -> Client:
    """Connect as soon as the service listens."""
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            client = Client.connect(address)
        except ServiceUnavailableError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.1)
            continue
        if client.call("session.hello")["revision"] > 0:
            return client
        client.close()
        time.sleep(0.1)


if __name__ == "__main__":
    main()
