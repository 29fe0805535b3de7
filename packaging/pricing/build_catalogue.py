"""Make the bundled price catalogue from LiteLLM's releases.

    python packaging/pricing/build_catalogue.py          add the newest release, seen today
    python packaging/pricing/build_catalogue.py --anew   read every release of releases.txt again

Each release's wheel is downloaded with pip into a temporary directory, the price file that it
carries is read, and the wheel is dropped. A card begins on the day of the first release that
has it and ends on the day of the first that lacks it; releases.txt names the releases and
their days. LiteLLM is the source of the rates: `model_prices_and_context_window_backup.json`
(MIT).
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from amp_tray.core.periods import day_number
from amp_tray.core.rates import RateCard
from amp_tray.pricing.bundled import bundled_prices
from amp_tray.pricing.cards import card_line
from amp_tray.pricing.history import has_leapt, still_holds
from amp_tray.pricing.litellm import PriceList, read_price_list

MEMBER = "litellm/model_prices_and_context_window_backup.json"
TARGET = Path(__file__).parents[2] / "amp_tray/pricing/data/catalogue.json"
RELEASES = Path(__file__).with_name("releases.txt")
DOWNLOADS_AT_ONCE = 4

History = dict[str, list[RateCard]]


def main(options: Sequence[str]) -> None:
    """Build the catalogue as the options say, and write it."""
    listed = [tuple(line.split()) for line in RELEASES.read_text("utf-8").splitlines()]
    if "--anew" in options:
        history: History = {}
        todo = [(version, day) for version, day in listed]
    else:
        history = {name: list(listing.cards) for name, listing in bundled_prices().items()}
        version = newest_release()
        if version in {version for version, _ in listed}:
            print(f"LiteLLM {version} is in the catalogue already")
            return
        todo = [(version, datetime.now(UTC).date().isoformat())]
    with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as downloads:
        prices = downloads.map(prices_of, (version for version, _ in todo))
        for (version, day), listed_prices in zip(todo, prices, strict=True):
            begun = extend(history, listed_prices, day_number(day))
            models = len(listed_prices.offers)
            print(f"LiteLLM {version} ({day}): {models:,} models, {begun:,} new cards")
    version, day = todo[-1]
    write(history, version, day)
    if "--anew" not in options:
        with RELEASES.open("a", encoding="utf-8") as releases:
            releases.write(f"{version} {day}\n")


def newest_release() -> str:
    """Return the version of the newest release that pip knows."""
    pip = [sys.executable, "-m", "pip", "index", "versions", "litellm"]
    answer = subprocess.run(pip, check=True, capture_output=True, text=True).stdout
    return answer.split("(", 1)[1].split(")", 1)[0]


def prices_of(version: str) -> PriceList:
    """Download a release, read its prices, drop it."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*pip, "--dest", folder, f"litellm=={version}"], check=True)
        wheel = next(Path(folder).glob("litellm-*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            return read_price_list(archive.read(MEMBER))


def extend(history: History, prices: PriceList, day: int) -> int:
    """Add what a release says to the history; return how many cards it began."""
    begun = 0
    for name, offer in prices.offers.items():
        cards = history.setdefault(name, [])
        if cards and still_holds(cards[-1], offer):
            continue
        if cards and has_leapt(cards[-1].prices.rates, offer.prices.rates):
            # A mistaken unit, in the one or in the other: the dearer one is the mistake.
            if sum(offer.prices.rates[:2]) >= sum(cards[-1].prices.rates[:2]):
                continue
            cards.pop()
        cards.append(RateCard(name, offer.provider, day, None, offer.prices))
        begun += 1
    for name, cards in history.items():
        if cards[-1].until is None and name not in prices.offers and name not in prices.refused:
            cards[-1] = cards[-1]._replace(until=day)
    return begun


def write(history: History, version: str, day: str) -> None:
    """Write the catalogue, one line a model, so that its changes can be read."""
    head = json.dumps({"source": f"LiteLLM {version}", "asOf": day})
    body = ",\n".join(rows(history))
    text = f'{head[:-1]}, "cards": {{\n{body}\n}}}}\n'
    TARGET.write_text(text, encoding="utf-8")
    cards = sum(map(len, history.values()))
    print(f"{len(history):,} models, {cards:,} cards -> {TARGET.name}, {len(text):,} bytes")


def rows(history: History) -> Iterator[str]:
    """Yield the catalogue's lines, by name."""
    for name, cards in sorted(history.items()):
        line = card_line(cards[-1].provider, cards)
        yield f"{json.dumps(name)}: {json.dumps(line)}"


if __name__ == "__main__":
    main(sys.argv[1:])
