"""What importing the wire loads, and where it can be imported."""

import json
import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["client", "address"])
def test_importing_it_loads_nothing_heavy(module: str) -> None:
    script = f"import sys, json; import amp_tray_rpc.{module}; print(json.dumps(list(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in json.loads(run.stdout)}
    assert "amp_tray_rpc" in loaded
    heavy = {
        "pydantic",
        "pydantic_core",
        "asyncio",
        "msgspec",
        "jsonrpcserver",
        "logging",
        "amp_tray",
    }
    assert not loaded & heavy


def test_every_module_imports_without_posix() -> None:
    script = (
        "import importlib, os, pkgutil, socket, sys\n"
        "for name in ('AF_UNIX', 'SO_PEERCRED'): delattr(socket, name)\n"
        "for name in ('fcntl', 'pwd', 'grp'): sys.modules[name] = None\n"
        "del os.geteuid, os.getuid\n"
        "import asyncio\n"
        "assert not hasattr(asyncio, 'open_unix_connection')\n"
        "import amp_tray_rpc\n"
        "for found in pkgutil.walk_packages(amp_tray_rpc.__path__, 'amp_tray_rpc.'):\n"
        "    importlib.import_module(found.name)\n"
        "    print(found.name)\n"
        "assert 'amp_tray' not in sys.modules\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, timeout=60, text=True
    )
    assert run.returncode == 0, run.stderr
    assert {"amp_tray_rpc.server", "amp_tray_rpc.aio"} <= set(run.stdout.split())
