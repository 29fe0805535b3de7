"""Prices that change while the service runs: noticed, refreshed, and all usage priced anew."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from amp_tray.core.snapshot import Snapshot
from amp_tray.ledger.store import Ledger
from amp_tray.live.prices import NotRefreshedError, PriceWatch
from amp_tray.live.service import Service
from amp_tray.live.writer import Writer
from amp_tray.pricing.book import PriceFiles, open_price_book
from amp_tray.pricing.downloads import Downloads, Layer, read_downloads, write_downloads
from amp_tray.sources.amp.source import AMP
from tests.support.http_server import http_server, page
from tests.support.scans import NOW, put, report
from tests.support.services import QUERIES, Follower, following
from tests.support.threads import answer, thread

MODEL = "claude-haiku-4-5-20251001"


@pytest.fixture
def files(tmp_path: Path) -> PriceFiles:
    return PriceFiles(tmp_path / "pricing.toml", tmp_path / "prices.json")


def own_price(files: PriceFiles, rate: int) -> None:
    half = files.overlay.with_suffix(".half")
    half.write_text(f'[[price]]\nmodel = "{MODEL}"\ninput = {rate}\noutput = 0\n')
    half.replace(files.overlay)


def open_writer(files: PriceFiles, root: Path) -> Writer:
    prices = open_price_book(files)
    writer = Writer(Ledger(root.parent / "ledger.db"), {AMP: [root]}, prices, lambda: NOW)
    writer.load()
    return writer


def cost(snapshot: Snapshot | None) -> Decimal:
    assert snapshot is not None
    total: Decimal = report(snapshot)["totals"]["totalCost"]
    return total


@asynccontextmanager
async def running(
    files: PriceFiles,
    root: Path,
    *,
    url: str | None = None,
    command: Sequence[str] = (),
    quick: bool = True,
) -> AsyncIterator[tuple[Service, Follower]]:
    prices = PriceWatch(
        files,
        lambda: NOW,
        url=url,
        refresh_command=command,
        look_seconds=0.01 if quick else 3600,
        first_refresh_seconds=0,
    )
    service = Service(lambda: open_writer(files, root), QUERIES, prices=prices)
    async with following(service) as follower:
        yield service, follower


async def test_an_edit_of_the_user_s_prices_prices_everything_anew_without_a_file(
    tmp_path: Path, files: PriceFiles
) -> None:
    path = put(tmp_path / "amp", thread(answer(model=MODEL)))
    async with running(files, tmp_path / "amp") as (service, follower):
        listed = cost(service.hub.current)
        assert listed > 0
        path.unlink()  # priced anew from the ledger: the file is not there to be read
        own_price(files, 1000)
        await follower.until(lambda: cost(service.hub.current) > 100 * listed)
        snapshot = service.hub.current
        assert snapshot is not None
        assert snapshot.pricing.origin == "overlay"
        files.overlay.unlink()
        await follower.until(lambda: cost(service.hub.current) == listed)


async def test_prices_that_cannot_be_used_are_told_and_the_listed_ones_count(
    tmp_path: Path, files: PriceFiles
) -> None:
    put(tmp_path / "amp", thread(answer(model=MODEL)))
    async with running(files, tmp_path / "amp") as (service, follower):
        listed = cost(service.hub.current)
        files.overlay.write_text("[[price]]\n")
        await follower.until(lambda: bool(service.status()["diagnostics"]))
        (trouble,) = service.status()["diagnostics"]
        assert (trouble["code"], trouble["path"]) == ("prices", str(files.overlay))
        assert cost(service.hub.current) == listed


async def test_a_refresh_by_another_process_is_noticed(tmp_path: Path, files: PriceFiles) -> None:
    put(tmp_path / "amp", thread(answer(model=MODEL)))
    async with running(files, tmp_path / "amp") as (service, follower):
        listed = cost(service.hub.current)
        layer = Layer("2026-01-01", {MODEL: "anthropic | 2026-01-01 2/10/2.5/0.2"})
        write_downloads(files.downloads, Downloads(checked_at=NOW, layers=(layer,)))
        await follower.until(lambda: cost(service.hub.current) == 2 * listed)
        status = service.status()["pricing"]
        assert (status["offline"], status["failure"]) == (True, None)
        assert status["checkedAt"] == "2026-02-13T16:26:40.000Z"


async def test_a_refresh_that_is_due_runs_in_a_process_of_its_own(
    tmp_path: Path, files: PriceFiles
) -> None:
    put(tmp_path / "amp", thread(answer(model=MODEL)))
    entry = {
        "litellm_provider": "anthropic",
        "mode": "chat",
        "input_cost_per_token": 2e-06,
        "output_cost_per_token": 1e-05,
        "cache_creation_input_token_cost": 2.5e-06,
        "cache_read_input_token_cost": 2e-07,
    }
    code = (
        "import sys; from pathlib import Path;"
        "from amp_tray.pricing.book import PriceFiles;"
        "from amp_tray.pricing.refresh import refresh;"
        "refresh(PriceFiles(Path(sys.argv[1]), Path(sys.argv[2])), sys.argv[3],"
        f" now={NOW}, user_agent='t')"
    )
    with http_server() as server:
        url = server.on("/prices.json", page(json.dumps({MODEL: entry}).encode()))
        command = (sys.executable, "-c", code, str(files.overlay), str(files.downloads), url)
        async with running(files, tmp_path / "amp", url=url, command=command) as (
            service,
            follower,
        ):
            await follower.until(lambda: service.status()["pricing"]["checkedAt"] is not None)
            assert service.status()["pricing"]["failure"] is None
        assert len(server.requests) == 1
    (layer,) = read_downloads(files.downloads).layers
    assert layer.cards == {MODEL: "anthropic | 2026-02-13 2/10/2.5/0.2"}


@pytest.mark.parametrize("offline", [True, False])
async def test_a_service_stops_at_once_while_a_refresh_hangs_and_offline_asks_nothing(
    tmp_path: Path, files: PriceFiles, *, offline: bool
) -> None:
    begun = tmp_path / "begun"
    code = f"open({str(begun)!r}, 'w').close(); import time; time.sleep(60)"
    url = None if offline else "http://127.0.0.1:1/"
    command = (sys.executable, "-c", code)
    async with running(files, tmp_path / "amp", url=url, command=command):
        for _ in range(5 if offline else 1000):  # several looks at the clock, or until it begins
            await asyncio.sleep(0.01)
            if begun.exists():
                break
    assert begun.exists() is not offline


async def test_prices_asked_for_are_in_force_when_that_is_answered(
    tmp_path: Path, files: PriceFiles
) -> None:
    put(tmp_path / "amp", thread(answer(model=MODEL)))
    code = (
        "import sys; from pathlib import Path;"
        "from amp_tray.pricing.downloads import Downloads, Layer, write_downloads;"
        "layer = Layer('2026-01-01', {sys.argv[2]: 'anthropic | 2026-01-01 2/10/2.5/0.2'});"
        f"write_downloads(Path(sys.argv[1]), Downloads(checked_at={NOW}, layers=(layer,)))"
    )
    command = (sys.executable, "-c", code, str(files.downloads), MODEL)
    # Nobody else looks: only what is asked for comes into force.
    async with running(
        files, tmp_path / "amp", url="http://127.0.0.1:1/", command=command, quick=False
    ) as (service, _):
        listed = cost(service.hub.current)
        await service.refresh_prices()
        assert cost(service.hub.current) == 2 * listed


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (None, "see `amp-tray pricing status`"),
        ("no prices: the server\x1b[31m answered 500", "no prices: the server answered 500"),
    ],
)
async def test_prices_that_could_not_be_had_say_why(
    tmp_path: Path, files: PriceFiles, failure: str | None, said: str
) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from amp_tray.pricing.downloads import Downloads, write_downloads;"
        f"write_downloads(Path(sys.argv[1]), Downloads(failure={failure!r}));"
        "sys.exit(1)"
    )
    command = (sys.executable, "-c", code, str(files.downloads))
    async with running(
        files, tmp_path / "amp", url="http://127.0.0.1:1/", command=command, quick=False
    ) as (service, _):
        with pytest.raises(NotRefreshedError) as refusal:
            await service.refresh_prices()
    assert (refusal.value.message, refusal.value.offline) == (said, False)


async def test_nobody_asks_for_prices_offline(tmp_path: Path, files: PriceFiles) -> None:
    begun = tmp_path / "begun"
    command = (sys.executable, "-c", f"open({str(begun)!r}, 'w').close()")
    async with running(files, tmp_path / "amp", command=command, quick=False) as (service, _):
        with pytest.raises(NotRefreshedError, match="offline") as refusal:
            await service.refresh_prices()
    assert refusal.value.offline
    assert not begun.exists()


async def test_two_who_ask_at_once_ask_one_after_the_other(
    tmp_path: Path, files: PriceFiles
) -> None:
    log = tmp_path / "log"
    code = (
        f"log = open({str(log)!r}, 'a', buffering=1); print('begins', file=log);"
        " print('ends', file=log)"
    )
    async with running(
        files,
        tmp_path / "amp",
        url="http://127.0.0.1:1/",
        command=(sys.executable, "-c", code),
        quick=False,
    ) as (service, _):
        await asyncio.gather(service.refresh_prices(), service.refresh_prices())
    assert log.read_text().split() == ["begins", "ends"] * 2
