"""The README's commands work as they stand there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.amp_program import AmpProgram
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]


@pytest.fixture(scope="module")
def user() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.write(thread(answer(now()), thread_id="T-0199aaaa"))
        amp = AmpProgram(sandbox.home / "bin")
        amp.has(thread(answer(now()), thread_id="T-0199bbbb"))
        yield sandbox


def test_every_command_of_the_readme_works(user: Sandbox) -> None:
    assert len(COMMANDS) > 5
    with user.serving():
        for command in COMMANDS:
            name, *args = shlex.split(command, comments=True)
            assert name == "amp-tray"
            runs_amp = args[0] in {"sync", "balance"}
            done = user.run(*args, env={"AMP_TRAY_OFFLINE": ""} if runs_amp else None)
            assert done.returncode == 0, (command, done.stderr)
            assert done.stdout.strip() or (user.home / args[-1]).stat().st_size, command


def test_every_make_target_of_the_readme_exists() -> None:
    targets = re.findall(r"\bmake ([a-z0-9]+)\b", README)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {"run", "demo", "test"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    for link in links:
        assert link.startswith("https://") or (ROOT / link).exists(), link
