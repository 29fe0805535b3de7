"""The user's own prices."""

from pathlib import Path

import pytest

from amp_tray.core.periods import day_number
from amp_tray.core.rates import Prices, RateCard, Rates, Tier
from amp_tray.pricing.overlay import BadOverlayError, read_overlay


def overlay(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "pricing.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_overlay(tmp_path / "pricing.toml") == {}
    assert read_overlay(tmp_path / "no" / "pricing.toml") == {}


def test_prices_are_read_by_model_and_day(tmp_path: Path) -> None:
    cards = read_overlay(
        overlay(
            tmp_path,
            """
            [[price]]
            model = "Moonshotai/Kimi-K2-0905"
            from = 2026-03-01
            input = 0.6
            output = 2.5
            cache_read = 0.15
            tiers = [{ above = 200_000, input = 1.2, output = 5 }]

            [[price]]
            model = "moonshotai/kimi-k2-0905"
            input = 1
            output = 3
            cache_creation = 1.25
            cache_creation_1h = 2

            [[price]]
            model = "local"
            input = 0
            output = 0
            """,
        )
    )
    name = "moonshotai/kimi-k2-0905"
    assert cards == {
        name: (
            RateCard(
                name,
                "pricing.toml",
                0,
                None,
                Prices(Rates(1_000_000, 3_000_000, 1_250_000, None, 2_000_000)),
                "overlay",
            ),
            RateCard(
                name,
                "pricing.toml",
                day_number("2026-03-01"),
                None,
                Prices(
                    Rates(600_000, 2_500_000, None, 150_000),
                    (Tier(200_000, "", Rates(1_200_000, 5_000_000)),),
                ),
                "overlay",
            ),
        ),
        "local": (RateCard("local", "pricing.toml", 0, None, Prices(Rates(0, 0)), "overlay"),),
    }


GOOD = '[[price]]\nmodel = "m"\ninput = 1\noutput = 2\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[price]\n", "line 1"),
        ("price = 3\n", "[[price]]"),
        ("[price]\ninput = 1\n", "[[price]]"),
        ("[rates]\n", "'rates'"),
        (f'{GOOD}\n[[price]]\nmodel = "x"\ninput = 1\n', "line 6: output: field required"),
        (f"{GOOD}outptu = 2\n", "line 1: outptu: extra inputs"),
        (f"{GOOD}cache_read = -1\n", "line 1: cache_read: input should be greater"),
        (f"{GOOD}cache_read = 3000\n", "line 1: cache_read: input should be less"),
        (f"{GOOD}cache_read = nan\n", "line 1: cache_read"),
        (f'{GOOD}cache_read = "x"\n', "line 1: cache_read"),
        (f'{GOOD}from = "soon"\n', "line 1: from"),
        (f"{GOOD}tiers = [{{ above = 0, input = 1, output = 1 }}]\n", "line 1: tiers.0.above"),
        (GOOD + GOOD, "line 5: m has two prices from the same day"),
        ('[[price]]\nmodel = ""\ninput = 1\noutput = 2\n', "line 1: model"),
        ("price = [7]\n", "price 1"),
        (b"\xff\xfe", "UTF-8"),
        ("a = " + "[" * 5000, "price"),
        ("#" * (1024 * 1024 + 1), "1 MiB"),
    ],
)
def test_what_is_no_price_is_named_with_its_line(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    path = overlay(tmp_path, text)
    with pytest.raises(BadOverlayError) as refused:
        read_overlay(path)
    assert said in refused.value.message or said == "price"
    assert str(path) in refused.value.message
    assert "\n" not in refused.value.message


def test_a_directory_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "pricing.toml").mkdir()
    with pytest.raises(BadOverlayError, match="directory"):
        read_overlay(tmp_path / "pricing.toml")
