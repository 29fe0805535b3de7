"""One refresh against a real server: what is taken, what is refused, what stays."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amp_tray.core.errors import AmpTrayError
from amp_tray.pricing.book import PriceFiles, open_price_book
from amp_tray.pricing.downloads import Downloads, read_downloads
from amp_tray.pricing.fetch import FetchError, Limits
from amp_tray.pricing.history import AbsurdPricesError
from amp_tray.pricing.litellm import NotAPriceListError
from amp_tray.pricing.refresh import DAY_MS, HOUR_MS, Refreshed, is_due, refresh
from tests.support.http_server import (
    Answer,
    Server,
    announced,
    chunked_head,
    endless,
    hang,
    page,
    redirect,
    status,
)
from tests.support.prices import at

NOW = at("2027-01-05")
MODEL = "claude-haiku-4-5"
LIMITS = Limits(connect_seconds=0.3, read_seconds=0.3, total_seconds=0.6, body_bytes=2**20)


@pytest.fixture
def files(tmp_path: Path) -> PriceFiles:
    return PriceFiles(tmp_path / "pricing.toml", tmp_path / "data" / "prices.json")


def price_list(**rates: tuple[float, float]) -> bytes:
    """Return a file of LiteLLM's form: USD per million tokens, by model."""
    entries: dict[str, Any] = {
        name.replace("_", "-"): {
            "litellm_provider": "anthropic",
            "mode": "chat",
            "input_cost_per_token": rate / 10**6,
            "output_cost_per_token": output / 10**6,
        }
        for name, (rate, output) in rates.items()
    }
    return json.dumps(entries).encode()


CHEAPER = price_list(claude_haiku_4_5=(0.5, 2.5))


def ask(files: PriceFiles, url: str, now: int = NOW) -> Refreshed:
    return refresh(files, url, now=now, user_agent="amp-tray/test", limits=LIMITS)


def input_rate(files: PriceFiles, day: str, model: str = MODEL) -> int | None:
    card = open_price_book(files).catalogue.card_of(model, at(day))
    return None if card is None else card.prices.rates.input


def test_new_rates_count_from_their_day_and_history_stays(
    files: PriceFiles, server: Server
) -> None:
    url = server.on("/prices.json", page(price_list(claude_haiku_4_5=(0.5, 2.5), brand_new=(1, 2))))
    assert ask(files, url) == Refreshed(changed=True, begun=2, gone=0)
    assert input_rate(files, "2027-01-04") == 1_000_000
    assert input_rate(files, "2027-01-05") == 500_000
    assert input_rate(files, "2026-01-01", "brand-new") == 1_000_000
    catalogue = open_price_book(files).catalogue
    assert (catalogue.origin, catalogue.as_of) == ("download", "2027-01-05")


def test_a_second_change_is_a_second_layer_and_the_first_stays_as_it_was(
    files: PriceFiles, server: Server
) -> None:
    url = server.on("/prices.json", page(CHEAPER), page(price_list(claude_haiku_4_5=(0.4, 2))))
    ask(files, url)
    (first,) = read_downloads(files.downloads).layers
    ask(files, url, NOW + 3 * DAY_MS)
    layers = read_downloads(files.downloads).layers
    assert layers[0] == first
    assert [layer.as_of for layer in layers] == ["2027-01-05", "2027-01-08"]
    assert [input_rate(files, day) for day in ("2027-01-07", "2027-01-08")] == [500_000, 400_000]


def test_an_unchanged_file_is_asked_for_by_its_etag_and_not_sent(
    files: PriceFiles, server: Server
) -> None:
    url = server.on("/prices.json", page(CHEAPER, etag='"v1"'))
    ask(files, url)
    before = read_downloads(files.downloads)
    assert ask(files, url, NOW + DAY_MS) == Refreshed()
    after = read_downloads(files.downloads)
    assert after == before._replace(checked_at=NOW + DAY_MS, tried_at=NOW + DAY_MS)
    assert [request.headers.get("if-none-match") for request in server.requests] == [None, '"v1"']
    assert open_price_book(files).catalogue.as_of == "2027-01-06"


def test_another_address_is_not_asked_with_the_first_one_s_etag(
    files: PriceFiles, server: Server
) -> None:
    ask(files, server.on("/prices.json", page(CHEAPER, etag='"v1"')))
    ask(files, server.on("/other.json", page(CHEAPER, etag='"v1"')))
    assert "if-none-match" not in server.requests[1].headers


def test_the_same_rates_make_no_layer(files: PriceFiles, server: Server) -> None:
    url = server.on("/prices.json", page(CHEAPER))
    ask(files, url)
    assert ask(files, url, NOW + DAY_MS) == Refreshed(changed=True)
    assert len(read_downloads(files.downloads).layers) == 1


MILLION = price_list(claude_haiku_4_5=(1e6, 5e6), claude_opus_4_5=(5e6, 25e6))
NEGATIVE = price_list(claude_haiku_4_5=(-1, 5))
LEAP = price_list(claude_haiku_4_5=(100.1, 501))


@pytest.mark.parametrize(
    ("answer", "refused", "soon"),
    [
        (status(500), FetchError, False),
        (status(404), FetchError, False),
        (hang(), FetchError, True),
        (hang(chunked_head()), FetchError, True),
        (announced(2**30), FetchError, False),
        (endless(chunked_head(), b"10000\r\n" + b"x" * 65536 + b"\r\n"), FetchError, False),
        (redirect("file:///etc/passwd"), FetchError, False),
        (redirect("/prices.json"), FetchError, False),
        (page(b"<html>no such thing</html>"), NotAPriceListError, False),
        (page(b""), NotAPriceListError, False),
        (page(b"{}"), NotAPriceListError, False),
        (page(CHEAPER[:-10]), NotAPriceListError, False),
        (page(MILLION), AbsurdPricesError, False),
        (page(NEGATIVE), AbsurdPricesError, False),
        (page(LEAP), AbsurdPricesError, False),
    ],
    ids=lambda value: getattr(value, "__name__", None) if isinstance(value, type) else None,
)
def test_what_cannot_be_believed_changes_nothing_and_is_told(
    files: PriceFiles,
    server: Server,
    answer: Answer,
    refused: type[AmpTrayError],
    *,
    soon: bool,
) -> None:
    url = server.on("/prices.json", page(CHEAPER, etag='"v1"'), answer)
    ask(files, url)
    before = read_downloads(files.downloads)
    later = NOW + 2 * DAY_MS
    with pytest.raises(refused):
        ask(files, url, later)
    after = read_downloads(files.downloads)
    assert (after.layers, after.etag, after.checked_at) == (before.layers, '"v1"', NOW)
    assert (after.tried_at, after.retry_soon, bool(after.failure)) == (later, soon, True)
    assert input_rate(files, "2027-01-08") == 500_000
    assert open_price_book(files).catalogue.as_of == "2027-01-05"


def test_one_rate_that_cannot_be_is_kept_back_and_the_rest_is_taken(
    files: PriceFiles, server: Server
) -> None:
    many = {f"fresh_{number}": (1.0, 2.0) for number in range(200)}
    listed = price_list(claude_haiku_4_5=(500, 5), **many)
    done = ask(files, server.on("/prices.json", page(listed)))
    assert (done.begun, list(done.refused)) == (200, [MODEL])
    assert input_rate(files, "2027-01-05") == 1_000_000
    kept = read_downloads(files.downloads)
    assert (list(kept.refused), kept.failure) == ([MODEL], None)


def test_a_redirect_is_followed(files: PriceFiles, server: Server) -> None:
    server.on("/new.json", page(CHEAPER))
    assert ask(files, server.on("/prices.json", redirect("/new.json"))).begun == 1


def test_a_network_that_is_not_there_changes_nothing(files: PriceFiles, server: Server) -> None:
    ask(files, server.on("/prices.json", page(CHEAPER)))
    with pytest.raises(FetchError):
        ask(files, "http://127.0.0.1:1/prices.json", NOW + DAY_MS)
    assert input_rate(files, "2027-01-05") == 500_000


def test_a_damaged_memory_is_set_aside_and_begun_anew(files: PriceFiles, server: Server) -> None:
    files.downloads.parent.mkdir()
    files.downloads.write_text('{"schema":1,"layers":[')
    ask(files, server.on("/prices.json", page(CHEAPER)))
    assert input_rate(files, "2027-01-05") == 500_000
    (aside,) = files.downloads.parent.glob("prices.damaged-*.json")
    assert aside.read_text() == '{"schema":1,"layers":['


def test_a_refresh_killed_while_it_waits_leaves_what_was_there(
    files: PriceFiles, server: Server
) -> None:
    url = server.on("/prices.json", page(CHEAPER), hang(chunked_head()))
    ask(files, url)
    before = files.downloads.read_bytes()
    code = (
        "import sys; from pathlib import Path;"
        "from amp_tray.pricing.book import PriceFiles;"
        "from amp_tray.pricing.refresh import refresh;"
        "refresh(PriceFiles(Path(sys.argv[1]), Path(sys.argv[2])), sys.argv[3],"
        f" now={NOW + DAY_MS}, user_agent='t')"
    )
    words = [sys.executable, "-c", code, str(files.overlay), str(files.downloads), url]
    with subprocess.Popen(words) as process:
        while len(server.requests) < 2:
            assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
    assert files.downloads.read_bytes() == before
    assert input_rate(files, "2027-01-05") == 500_000


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (Downloads(), True),
        (Downloads(url="u", tried_at=NOW - DAY_MS + 1), False),
        (Downloads(url="u", tried_at=NOW - DAY_MS), True),
        (Downloads(url="u", tried_at=NOW - HOUR_MS, retry_soon=True), True),
        (Downloads(url="u", tried_at=NOW - HOUR_MS + 1, retry_soon=True), False),
        (Downloads(url="other", tried_at=NOW), True),
        (Downloads(url="u", tried_at=NOW + 1), True),  # the clock was set back
    ],
)
def test_it_is_asked_once_a_day_and_sooner_where_no_answer_came(
    state: Downloads, *, due: bool
) -> None:
    assert is_due(state, "u", NOW) is due
