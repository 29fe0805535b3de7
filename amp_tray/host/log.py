"""The program's log for modules that a report loads: most reports log nothing."""

import sys


class Log:
    """A module's log; the library behind it is loaded with the first warning."""

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, message: str, *values: object) -> None:
        """Log a detail; without the library loaded nobody has asked for any."""
        if "logging" in sys.modules:
            import logging  # noqa: PLC0415 - see below

            logging.getLogger(self._name).debug(message, *values, stacklevel=2)

    def warning(self, message: str, *values: object) -> None:
        """Log a warning, made of its values as `%` makes it."""
        import logging  # noqa: PLC0415 - it takes as long as to open the ledger

        logging.getLogger(self._name).warning(message, *values, stacklevel=2)
