"""The program's log for modules that a report loads: most reports log nothing."""


class Log:
    """A module's log; the library behind it is loaded with the first message."""

    def __init__(self, name: str) -> None:
        self._name = name

    def warning(self, message: str, *values: object) -> None:
        """Log a warning, made of its values as `%` makes it."""
        import logging  # noqa: PLC0415 - it takes as long as to open the ledger

        logging.getLogger(self._name).warning(message, *values, stacklevel=2)
