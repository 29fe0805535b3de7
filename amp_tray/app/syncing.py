"""Fetching threads while the service runs: a round when one is due, and a new balance told.

A round runs in a thread of its own, and is ended with its `amp` when the service stops, when
the user turns it off or while reading is paused.
"""

import asyncio
import logging

from amp_tray.app.reloading import Configuration, stamp_of
from amp_tray.config.sync import SyncOptions
from amp_tray.core.document import Document
from amp_tray.core.errors import AmpTrayError
from amp_tray.live.pace import until_next
from amp_tray.live.service import Service
from amp_tray.sync.balance import Balance, balance_document, read_balance
from amp_tray.sync.child import Stop
from amp_tray.sync.errors import BusyError, StoppedError
from amp_tray.sync.rounds import Setup, sync_once
from amp_tray.sync.schedule import is_due
from amp_tray.sync.state import read_state

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often is looked whether a round is due."""

_HOLD_OFF_SECONDS = 60.0


class Syncing:
    """What the service knows of the balance, and the rounds that it makes."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._setup = configuration.program.sync_setup
        self._stamp = stamp_of(self._setup.places.balance)
        self._balance = self._read()
        self._not_before = 0.0
        self._wish = self._wished()
        self._asked = False

    def balance(self) -> Document | None:
        """Return the balance as last told; None where it is not known now."""
        return balance_document(self._balance, self._setup.clock())

    def status(self) -> Document:
        """Return how fetching stands."""
        return self._configuration.program.sync_status()

    async def run(self, service: Service) -> None:
        """Make rounds until cancelled."""
        while True:
            await until_next(LOOK_SECONDS)
            await self._show_news(service)
            self._note_wish()
            if self._wanted(service) and self._is_due():
                self._asked = False
                await self._round(service)
                await self._show_news(service)

    def _wanted(self, service: Service) -> bool:
        """Say whether rounds are to be made; the settings may change in the midst of one."""
        options, offline = self._wished()
        on = options.enabled and not offline
        return on and not service.paused and service.hub.current is not None

    def _wished(self) -> tuple[SyncOptions, bool]:
        program = self._configuration.program
        return program.sync_options, program.offline

    def _note_wish(self) -> None:
        """Take other settings as a wish for a round now, whatever the last one came to."""
        before, self._wish = self._wish, self._wished()
        if self._wish != before:
            self._asked, self._not_before = True, 0.0

    def _is_due(self) -> bool:
        if asyncio.get_running_loop().time() < self._not_before:
            return False
        self._setup = setup = self._configuration.program.sync_setup
        next_at = None if self._asked else read_state(setup.places).next_at
        return is_due(next_at, setup.clock(), interval_minutes=setup.options.interval_minutes)

    async def _round(self, service: Service) -> None:
        stop = Stop()
        work = asyncio.create_task(
            asyncio.to_thread(_sync_once, self._setup, stop), name="amp-tray-sync-round"
        )
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=LOOK_SECONDS)
                if not self._wanted(service):
                    stop.ask()
        finally:  # also when cancelled: the round's `amp` must not outlive the service
            stop.ask()
            well = await work
        if not well:
            # It could not even be written down that it was tried.
            self._not_before = asyncio.get_running_loop().time() + _HOLD_OFF_SECONDS

    async def _show_news(self, service: Service) -> None:
        """Tell everybody of a balance that another round, or a command, found."""
        stamp = stamp_of(self._setup.places.balance)
        if stamp != self._stamp:
            self._stamp, before = stamp, self.balance()
            self._balance = self._read()
            if self.balance() != before:
                await service.publish_again()

    def _read(self) -> Balance:
        return read_balance(self._setup.places)


def _sync_once(setup: Setup, stop: Stop) -> bool:
    """Make a round in a thread; say whether what became of it is remembered."""
    try:
        sync_once(setup, stop=stop)
    except StoppedError:
        return True
    except BusyError:
        return False  # a command's round: see later
    except OSError as error:
        log.warning("threads were not fetched: %s", error.strerror)
        return False
    except AmpTrayError as error:
        log.warning("threads were not fetched: %s", error.message)
        return False
    return True
