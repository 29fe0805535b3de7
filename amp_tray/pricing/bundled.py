"""The price catalogue that ships with the program, made by `make pricing`."""

import json
from functools import cache
from importlib import resources

from amp_tray.core.rates import Catalogue, RateCard


@cache
def bundled_catalogue() -> Catalogue:
    """Load the bundled rates, once."""
    text = resources.files("amp_tray.pricing").joinpath("data/catalogue.json").read_text("utf-8")
    document = json.loads(text)
    cards = {model: RateCard(model, *rates) for model, rates in document["cards"].items()}
    return Catalogue(cards=cards, origin="bundled", as_of=document["asOf"])
