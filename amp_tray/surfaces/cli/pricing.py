"""`amp-tray pricing show|refresh|status`: which price a model has, why, and how fresh it is."""

import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import click

from amp_tray.core.errors import AmpTrayError
from amp_tray.core.text import clean
from amp_tray.surfaces.cli.program import Program

_EXIT_UNPRICED = 1
_SHOWN_RIVALS = 8
_PATH_WIDTH = 4096


@click.group()
def pricing() -> None:
    """Look at the list prices that usage is counted at, and refresh them.

    \b
    Prices come from a catalogue that ships with the program and remembers what each model
    cost when; a refresh adds to it, and what you write into pricing.toml stands above it.

    Examples:
      amp-tray pricing show claude-sonnet-4-20250514 --at 2025-10-01
      amp-tray pricing refresh
    """  # noqa: D301 - \b keeps the lines


@pricing.command()
@click.argument("model")
@click.option("--at", metavar="DAY", help="Day of the price: as in reports; today if not given.")
@click.option("-j", "--json", "as_json", is_flag=True, help="Print the JSON document.")
@click.pass_obj
def show(program: Program, /, model: str, *, at: str | None, as_json: bool) -> int:
    """Show which rates a MODEL has, by any spelling, and why those; unpriced exits 1."""
    document = _price_document(program, model, at)
    if as_json:
        _print_json(document)
    else:
        for line in _price_lines(document):
            click.echo(line)
    return 0 if document["priced"] else _EXIT_UNPRICED


@pricing.command()
@click.option("-q", "--quiet", is_flag=True, help="Say nothing; the exit code tells.")
@click.pass_obj
def refresh(program: Program, /, *, quiet: bool) -> None:
    """Ask for today's prices now; what they change is added to the history.

    The running service does this once a day, unless `offline` is set.
    """
    from amp_tray import __version__  # noqa: PLC0415
    from amp_tray.host.lock import InstanceLock  # noqa: PLC0415
    from amp_tray.pricing.refresh import refresh as refresh_once  # noqa: PLC0415

    if program.offline:
        raise AmpTrayError(
            "`offline` is set", hint="unset it to refresh the prices", title="no network is used"
        )
    files = program.price_files
    lock = InstanceLock(files.downloads.with_name("prices.lock"))
    try:
        if not lock.acquire():
            raise AmpTrayError(
                f"process {lock.holder()} is at it", hint="wait for it", title="already refreshing"
            )
        try:
            if not quiet:
                click.echo(f"Asking {program.prices_url} ...", err=True)
            done = refresh_once(
                files,
                program.prices_url,
                now=program.queries().clock(),
                user_agent=f"amp-tray/{__version__}",
            )
        finally:
            lock.release()
    except OSError as error:
        where = f"{files.downloads}: {error.strerror}"
        raise AmpTrayError(where, title="the prices could not be written") from error
    if quiet:
        return
    if not done.changed:
        click.echo("The prices are as they were.")
    else:
        click.echo(f"{done.begun:,} new rate cards, {done.gone:,} models no longer listed.")
    for name, why in sorted(done.refused.items()):
        click.echo(f"{clean(name)} keeps its rates: {why}", err=True)


@pricing.command()
@click.option("-j", "--json", "as_json", is_flag=True, help="Print the JSON document.")
@click.pass_obj
def status(program: Program, /, *, as_json: bool) -> None:
    """Say where prices come from, of when they are and how the last refresh went."""
    document = pricing_status(program)
    if as_json:
        _print_json(document)
        return
    click.echo(f"{'Prices':<10} {document['origin']}, as of {document['asOf']}")
    click.echo(f"{'Models':<10} {document['models']:,} listed, {document['own']:,} of your own")
    click.echo(f"{'Refresh':<10} {refresh_sentence(document)}")
    for path in (document["overlay"], document["downloads"]):
        click.echo(f"{'File':<10} {clean(path, _PATH_WIDTH)}")
    for row in document["refused"]:
        click.echo(f"{'Refused':<10} {row['model']} keeps its rates: {row['why']}")
    for trouble in document["troubles"]:
        click.echo(f"{'Unusable':<10} {clean(trouble, _PATH_WIDTH)}")


def pricing_status(program: Program) -> dict[str, Any]:
    """Return the state of the prices: layers, files, the last refresh and what is wrong."""
    from amp_tray.core.periods import iso_instant  # noqa: PLC0415
    from amp_tray.pricing.book import open_price_book  # noqa: PLC0415

    book = open_price_book(program.price_files)
    checked_at = book.downloads.checked_at
    return {
        "origin": book.catalogue.origin,
        "asOf": book.catalogue.as_of,
        "models": len(book.catalogue.listings),
        "own": len(book.catalogue.overlay),
        "checkedAt": None if checked_at is None else iso_instant(checked_at),
        "failure": book.downloads.failure,
        "refused": [
            {"model": clean(name), "why": clean(why)}
            for name, why in sorted(book.downloads.refused.items())
        ],
        "offline": program.offline,
        "url": program.prices_url,
        "overlay": str(program.price_files.overlay),
        "downloads": str(program.price_files.downloads),
        "troubles": [trouble.message for trouble in book.troubles],
    }


def refresh_sentence(document: Mapping[str, Any]) -> str:
    """Return how fresh prices are kept, in words."""
    if document["offline"]:
        return "off: `offline` is set"
    if document["failure"] is not None:
        return f"failed: {clean(document['failure'])}"
    if document["checkedAt"] is None:
        return "once a day by the service; not yet"
    return f"once a day by the service; last at {document['checkedAt'][:16].replace('T', ' ')} UTC"


def _price_document(program: Program, model: str, at: str | None) -> dict[str, Any]:
    from datetime import UTC  # noqa: PLC0415

    from amp_tray.core.card_document import card_document  # noqa: PLC0415
    from amp_tray.core.periods import day_of, parse_day, start_of_day  # noqa: PLC0415
    from amp_tray.pricing.book import open_price_book  # noqa: PLC0415

    book, now = open_price_book(program.price_files), program.queries().clock()
    today = day_of(now, UTC)
    day = today if at is None else parse_day(at, today=today, option="at")
    match = book.catalogue.find(model, start_of_day(day, UTC))
    return {
        "model": clean(model),
        "at": day.isoformat(),
        "priced": match.card is not None,
        "why": match.why.name.lower(),
        "reason": str(match.why),
        "rates": None if match.card is None else card_document(match.card),
        "history": []
        if match.card is None
        else [card_document(card) for card in book.catalogue.timeline(match.card)],
        "rivals": [card_document(card) for card in match.rivals],
        "pricing": {"origin": book.catalogue.origin, "asOf": book.catalogue.as_of},
        "troubles": [trouble.message for trouble in book.troubles],
    }


def _price_lines(document: Mapping[str, Any]) -> Iterator[str]:
    rates = document["rates"]
    if rates is None:
        yield f"{document['model']} has no price on {document['at']}: {document['reason']}."
        for rival in document["rivals"][:_SHOWN_RIVALS]:
            yield f"  {rival['card']}: {_rates_text(rival)}"
        if len(document["rivals"]) > _SHOWN_RIVALS:
            yield f"  and {len(document['rivals']) - _SHOWN_RIVALS:,} more"
        yield "Give it one in pricing.toml (`amp-tray pricing status` says where it lies)."
        return
    yield f"{document['model']} on {document['at']}, USD per million tokens"
    yield f"{'Rates':<10} {_rates_text(rates)}"
    for tier in rates["tiers"]:
        yield f"{_tier_name(tier):<10} {_rates_text(tier)}"
    yield f"{'Listed':<10} as {rates['card']} ({rates['provider']}), {_period(rates)}"
    yield f"{'Why':<10} {document['reason']}"
    pricing_of = document["pricing"]
    yield f"{'Origin':<10} {rates['origin']}; prices as of {pricing_of['asOf']}"
    others = [card for card in document["history"] if card != rates]
    for card in others:
        yield f"{'Also':<10} {_period(card)}: {_rates_text(card)}"
    for trouble in document["troubles"]:
        yield f"{'Unusable':<10} {clean(trouble, _PATH_WIDTH)}"


def _rates_text(rates: Mapping[str, Any]) -> str:
    hour = rates["cacheCreation1hPerMillion"]
    creation = f"cache creation {_usd(rates['cacheCreationPerMillion'])}"
    return ", ".join(
        (
            f"input {_usd(rates['inputPerMillion'])}",
            f"output {_usd(rates['outputPerMillion'])}",
            creation if hour is None else f"{creation} ({_usd(hour)} for an hour)",
            f"cache read {_usd(rates['cacheReadPerMillion'])}",
        )
    )


def _usd(amount: Decimal) -> str:
    return f"${amount:,.2f}" if amount == amount.quantize(Decimal("0.01")) else f"${amount:,f}"


def _tier_name(tier: Mapping[str, Any]) -> str:
    above = f"> {tier['above'] // 1000:,}k" if tier["above"] else ""
    return " ".join(filter(None, (tier["speed"] or "", above)))


def _period(card: Mapping[str, Any]) -> str:
    since = "always" if card["since"] is None else f"seen from {card['since']}"
    return since if card["until"] is None else f"{since} until {card['until']}"


def _print_json(document: Mapping[str, Any]) -> None:
    from amp_tray.live.queries import encode  # noqa: PLC0415

    sys.stdout.buffer.write(encode(dict(document)) + b"\n")
