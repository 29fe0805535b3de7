"""The price catalogue that ships with the program, made by `make pricing`."""

from functools import cache
from pathlib import Path
from zlib import crc32

import msgspec

from amp_tray.pricing.listings import Listings


class Bundle(msgspec.Struct, rename="camel"):
    """The file: whose prices, known to be current on which day, and a line a model."""

    source: str
    as_of: str
    cards: dict[str, str]


@cache
def bundle() -> Bundle:
    """Return the bundled catalogue's file, read once."""
    return msgspec.json.decode(_data(), type=Bundle)


@cache
def bundle_stamp() -> str:
    """Return what tells one bundled catalogue from another."""
    data = _data()
    return f"{len(data)}-{crc32(data):08x}"


def bundled_prices() -> Listings:
    """Return the bundled listings by name."""
    return Listings(bundle().cards)


def _data() -> bytes:
    # Not by `importlib.resources`: it loads archives and temporary files for every report.
    return Path(__file__).with_name("data").joinpath("catalogue.json").read_bytes()
