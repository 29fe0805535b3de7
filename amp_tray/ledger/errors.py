"""What can be wrong with the ledger as a whole."""

from amp_tray.core.errors import AmpTrayError


class LedgerError(AmpTrayError):
    """The ledger cannot be opened or written."""

    title = "the ledger cannot be used"


class NewerLedgerError(LedgerError):
    """The ledger was written by a newer version of the program, which alone understands it."""

    title = "the ledger is from a newer amp-tray"
