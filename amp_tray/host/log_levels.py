"""Log levels as people give them: a number from 0 (silent) to 5 (trace), or a name."""

from collections.abc import Mapping

from amp_tray.core.errors import UsageError

SILENT, ERROR, WARN, INFO, DEBUG, TRACE = range(6)

LEVELS: Mapping[str, int] = {
    **{str(level): level for level in range(6)},
    "silent": SILENT,
    "error": ERROR,
    "warn": WARN,
    "info": INFO,
    "debug": DEBUG,
    "trace": TRACE,
}


def log_level(env: Mapping[str, str]) -> int:
    """Return the level that `LOG_LEVEL` asks for; `warn` where it asks for none.

    Raises:
        UsageError: it is no level.
    """
    text = env.get("LOG_LEVEL", "").strip().lower()
    if not text:
        return WARN
    try:
        return LEVELS[text]
    except KeyError:
        raise UsageError(f"LOG_LEVEL is {text!r}", hint=f"accepted: {', '.join(LEVELS)}") from None


def set_up_logging(level: int) -> None:
    """Write the program's log to stderr, from a level on; nothing at `silent`."""
    import logging  # noqa: PLC0415 - few commands log

    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        level=logging_level(level),
        force=True,
    )
    quiet_libraries(level)


def logging_level(level: int) -> int:
    """Return the number that Python's logging has for a level."""
    import logging  # noqa: PLC0415 - see above

    numbers = (logging.CRITICAL + 1, logging.ERROR, logging.WARNING, logging.INFO)
    return numbers[level] if level < len(numbers) else logging.DEBUG


def quiet_libraries(level: int) -> None:
    """Keep what the libraries do in detail for `trace`."""
    import logging  # noqa: PLC0415 - see above

    for name in ("asyncio", "httpx", "httpcore", "PIL"):
        logging.getLogger(name).setLevel(logging.NOTSET if level == TRACE else logging.INFO)
