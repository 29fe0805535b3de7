"""Make the bundled price catalogue from a LiteLLM release.

    python packaging/pricing/build_catalogue.py [VERSION DATE]

Without arguments it takes the newest release, dated today.
Downloads the release's wheel with pip into a temporary directory, reads the price file that
the wheel carries, keeps the rates of text models that coding agents use, and writes
`amp_tray/pricing/data/catalogue.json`: rates in picodollars (1e-12 USD) per token.

Source of the rates: LiteLLM, `model_prices_and_context_window_backup.json` (MIT).
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from amp_tray.core.models import without_date, without_provider
from amp_tray.core.money import usd

MEMBER = "litellm/model_prices_and_context_window_backup.json"
TARGET = Path(__file__).parents[2] / "amp_tray/pricing/data/catalogue.json"

# Where two providers list one model, the earlier provider's rates stand: first the vendors
# themselves, then those who host models that coding agents reach through them.
PROVIDERS = (
    "anthropic",
    "openai",
    "gemini",
    "vertex_ai-language-models",
    "xai",
    "moonshot",
    "zai",
    "deepseek",
    "mistral",
    "fireworks_ai",
    "cerebras",
    "vertex_ai-anthropic_models",
    "bedrock_converse",
)
MODES = frozenset({"chat", "responses"})
RATES = (
    "input_cost_per_token",
    "output_cost_per_token",
    "cache_creation_input_token_cost",
    "cache_read_input_token_cost",
)


def main(version: str | None, as_of: str) -> None:
    """Download one release, build the catalogue and write it."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = download(version, Path(folder))
        release = wheel.name.split("-")[1]
        cards = build_cards(read_prices(wheel))
    head = json.dumps({"source": f"LiteLLM {release}", "asOf": as_of})
    rows = ",\n".join(f"{json.dumps(model)}: {json.dumps(rates)}" for model, rates in cards.items())
    text = f'{head[:-1]}, "cards": {{\n{rows}\n}}}}\n'  # one line a model: diffs can be read
    TARGET.write_text(text, encoding="utf-8")
    print(f"{len(cards)} models of LiteLLM {release} ({as_of}) -> {TARGET.name}")


def download(version: str | None, folder: Path) -> Path:
    """Fetch the wheel of a release (the newest when `version` is None)."""
    wanted = "litellm" if version is None else f"litellm=={version}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    subprocess.run([*pip, str(folder), wanted], check=True)
    return next(folder.glob("litellm-*.whl"))


def read_prices(wheel: Path) -> Mapping[str, Any]:
    """Return the price entries that the wheel carries, by LiteLLM's model name."""
    with zipfile.ZipFile(wheel) as archive:
        entries: Mapping[str, Any] = json.loads(archive.read(MEMBER))
        return entries


def build_cards(entries: Mapping[str, Any]) -> dict[str, list[int | None]]:
    """Return rates by lower-case model name: `[input, output, cache creation, cache read]`."""
    listed = [
        (PROVIDERS.index(entry["litellm_provider"]), depth, name, rates)
        for model, entry in entries.items()
        if is_wanted(model, entry) and (rates := rates_of(entry)) is not None
        for depth, name in enumerate(names_of(model))
    ]
    cards: dict[str, list[int | None]] = {}
    for _, _, name, rates in sorted(listed, key=lambda item: item[:3]):
        cards.setdefault(name, rates)
    return dict(sorted(cards.items()))


def is_wanted(model: str, entry: Mapping[str, Any]) -> bool:
    """Say whether an entry prices text of a provider we list; of Bedrock, Claude alone."""
    provider = entry.get("litellm_provider")
    if provider not in PROVIDERS or entry.get("mode") not in MODES:
        return False
    return not provider.startswith("bedrock") or "claude" in model


def names_of(model: str) -> tuple[str, ...]:
    """Return the names an entry answers to: without provider, then without date too."""
    bare = without_provider(model.lower())
    return tuple(dict.fromkeys((bare, without_date(bare))))


def rates_of(entry: Mapping[str, Any]) -> list[int | None] | None:
    """Return an entry's four rates, or None when it has no price for text."""
    rates: list[int | None] = [usd(entry.get(key)) for key in RATES]
    if rates[0] is None or rates[1] is None or not any(rates):
        return None
    return rates


if __name__ == "__main__":
    version, as_of = (*sys.argv[1:3], None, None)[:2]
    main(version, as_of or datetime.now(UTC).date().isoformat())
