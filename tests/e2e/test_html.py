"""The report's page in a real headless Chromium, without a network."""

import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amp_tray.surfaces.cli.html_report import html_page
from tests.support.installed import SECONDS, install
from tests.support.report_documents import documents

pytestmark = pytest.mark.e2e

WIDTHS = (360, 768, 1280)


@pytest.fixture(scope="module")
def driver() -> list[str | Path]:
    """The words that run the browser's script, up to the page."""
    place = install(
        "install_browser_driver.sh",
        "browser",
        what="the browser's driver",
        needs=("node", "npm", "chromium"),
    )
    browser = shutil.which("chromium")
    assert browser is not None
    return ["node", Path(__file__).with_name("html_page.mjs"), browser, place]


@pytest.fixture(scope="module")
def seen(driver: list[str | Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the browser told of the page; its pictures lie beside the page."""
    folder = tmp_path_factory.mktemp("page")
    page = folder / "report.html"
    page.write_text(html_page(documents()), "utf-8")
    done = subprocess.run(
        [*driver, page, folder], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return {**facts, "folder": folder}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_it_opens_alone_and_nothing_sticks_out(
    seen: dict[str, Any], scheme: str, width: int
) -> None:
    view = seen["views"][f"{scheme} {width}"]
    assert view["complaints"] == []
    assert view["requests"] == [seen["url"]]
    assert view["across"] <= width
    assert view["cut"] == []
    assert (view["title"], view["images"]) == ("Amp usage", 0)  # no title of a thread became more
    assert (seen["folder"] / f"html-{scheme}-{width}.png").stat().st_size > 10_000


def test_both_colour_schemes_are_readable(seen: dict[str, Any]) -> None:
    for scheme, page_is_light in (("light", True), ("dark", False)):
        view = seen["views"][f"{scheme} 1280"]
        page, text = luminance(view["background"]), luminance(view["text"])
        assert (page > text) is page_is_light
        lighter, darker = max(page, text), min(page, text)
        assert (lighter + 0.05) / (darker + 0.05) > 7


def test_sessions_are_sorted_by_a_click_or_a_key(seen: dict[str, Any]) -> None:
    used = seen["used"]
    costs = list(map(Decimal, used["first"]))
    assert costs == sorted(costs, reverse=True)
    assert len(costs) == 50  # of 120
    most, least = used["tokens"], used["tokensAgain"]
    rows = documents()["session"]["sessions"]
    tokens = sorted(row["totalTokens"] for row in rows)
    assert (most["order"], list(map(int, most["values"]))) == ("descending", tokens[:-51:-1])
    assert (least["order"], list(map(int, least["values"]))) == ("ascending", tokens[:50])
    assert used["dates"]["order"] == "descending"
    assert used["dates"]["values"] == sorted(used["dates"]["values"], reverse=True)
    assert used["titles"]["order"] == "ascending"
    assert used["titles"]["values"][0].startswith("</script>")
    assert used["marked"] == 1


def test_sessions_are_filtered_and_all_are_shown(seen: dict[str, Any]) -> None:
    used = seen["used"]
    assert used["all"] == 120
    assert set(used["filtered"]) == {"Port the build to arm64"}
    assert used["status"] == f"{len(used['filtered'])} of 120 sessions match"


def test_a_column_tells_what_it_stands_for(seen: dict[str, Any]) -> None:
    used, days = seen["used"], documents()["daily"]["daily"]
    assert used["tip"].splitlines()[0] == "Sat 21 Nov 2026"
    first = used["tipByKey"].splitlines()
    assert first[1].startswith(f"${days[0]['totalCost']:,.2f} ")
    assert used["tipGone"] is True
    assert used["figures"] == 55  # a row a day, those without usage too


def test_the_page_is_printed_and_lets_no_other_program_run(seen: dict[str, Any]) -> None:
    assert (seen["folder"] / "html.pdf").read_bytes().startswith(b"%PDF")
    assert seen["used"]["complaints"] == []
    assert seen["used"]["requests"] == [seen["url"]]
    assert seen["used"]["owned"] is False


def luminance(colour: str) -> float:
    """Return the relative luminance of `rgb(…)`.

    Source: Web Content Accessibility Guidelines 2.2, definition of relative luminance.
    """
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (int(part) / 255 for part in colour.strip("rgb()").split(","))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
