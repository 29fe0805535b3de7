"""The README's examples run and print what it says; its tables list what there is."""

import asyncio
import json
import os
import re
import shutil
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from amp_tray_rpc.described import NOTIFICATIONS
from amp_tray_rpc.errors import Code
from amp_tray_rpc.limits import DEFAULT_LIMITS
from amp_tray_rpc.messages import ReportParams
from amp_tray_rpc.methods.table import METHODS
from amp_tray_rpc.openrpc import document_json
from amp_tray_rpc.params import described
from tests.rpc.fakes import Running

TEXT = (Path(__file__).parents[2] / "rpc" / "README.md").read_text(encoding="utf-8")
# The clients of "Write a client" go on for ever: test_write_a_client.py runs them.
SHORT = re.sub(r"^## Write a client$.*?(?=^## )", "", TEXT, flags=re.MULTILINE | re.DOTALL)
EXAMPLES: list[tuple[str, str, str]] = re.findall(
    r"^```(sh|python)\n(.*?)^```\n\n```text\n(.*?)^```$", SHORT, re.MULTILINE | re.DOTALL
)
SHELLS = {"sh": ["sh", "-eu", "-c"], "python": [sys.executable, "-c"]}


def test_every_example_shows_its_output() -> None:
    assert len(EXAMPLES) == len(re.findall(r"^```(?!text)\w+$", SHORT, re.MULTILINE)) > 2


@pytest.mark.parametrize(
    ("language", "script", "expected"), EXAMPLES, ids=range(1, len(EXAMPLES) + 1)
)
async def test_an_example_prints_what_it_says(
    language: str, script: str, expected: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "nc " in script and shutil.which("nc") is None:
        pytest.skip("no nc here")
    monkeypatch.setattr("amp_tray_rpc.methods.session.getpid", lambda: 4242)
    environment = {
        "PATH": os.environ["PATH"],
        "XDG_RUNTIME_DIR": str(running.address.path.parents[1]),
        "HOME": str(running.address.path.parents[1]),
    }
    process = await asyncio.create_subprocess_exec(
        *SHELLS[language], script, stdout=PIPE, stderr=PIPE, env=environment
    )
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert err.decode() == ""
    assert out.decode().rstrip("\n") == expected.rstrip("\n")


def test_the_method_table_is_the_servers() -> None:
    every = list(described(ReportParams))
    table = TEXT.partition("| method | params | result |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+\.\w+)` \| (.*?) \|", table, re.MULTILINE)
    written = {
        name: [
            *(every if "those of every report" in params else ()),
            *re.findall(r"`(\w+)`", params),
        ]
        for name, params in rows
    }
    assert written == {name: list(described(row.params)) for name, row in METHODS.items()}


def test_the_table_of_notifications_is_the_servers() -> None:
    table = TEXT.partition("| notification | params | when |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+\.\w+)` \| (.*?) \|", table, re.MULTILINE)
    written = {name: re.findall(r"`(\w+)`", params) for name, params in rows}
    assert written == {
        name: [field.alias or key for key, field in told.params.model_fields.items()]
        for name, told in NOTIFICATIONS.items()
    }


def test_the_table_of_report_params_is_the_servers() -> None:
    table = TEXT.partition("| param | takes |")[2].partition("\n\n")[0]
    first_cells = " ".join(line.split("|")[1] for line in table.splitlines()[2:])
    assert re.findall(r"`(\w+)`", first_cells) == list(described(ReportParams))


def test_the_error_table_has_every_code_and_kind() -> None:
    rows = re.findall(r"^\| (-\d+) \| (.*?) \|", TEXT, re.MULTILINE)
    assert {int(code) for code, _ in rows} == set(Code)
    written = {kind: int(code) for code, kinds in rows for kind in re.findall(r"`(\w+)`", kinds)}
    described = json.loads(document_json())["components"]["errors"]
    assert {kind: error["code"] for kind, error in described.items()}.items() <= written.items()


def test_the_limits_are_the_servers() -> None:
    limits = DEFAULT_LIMITS
    for said in (
        f"header over {limits.header_bytes // 1024} KiB",
        f"request over {limits.body_bytes // 1024**2} MiB",
        f"unfinished for {limits.frame_seconds:.0f} seconds",
        f"takes nothing for {limits.write_seconds:.0f} seconds",
        f"at most {limits.batch} (a batch)",
        f"{limits.subscriptions} connections are subscribed",
        f"at most {limits.values:,} values",
        f"more than {limits.connections} connections",
    ):
        assert said in " ".join(TEXT.split()), said
