"""What the log says of peers that misbehave: each thing once in a while, however often it happens.

A line for each of ten thousand bad connections would cost the service more than they do, and push
everything else out of the log.
"""

import logging
import time
from collections.abc import Callable

_LOG = logging.getLogger("amp_tray_rpc")
_PAUSE_SECONDS = 60.0


class Complaints:
    """What one server has said already."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing said.

        Args:
            clock: seconds from any beginning, never fewer.
        """
        self._clock = clock
        self._said: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}

    def note(self, text: str) -> None:
        """Warn of something, unless the same was said within the last minute.

        Args:
            text: one of a few sentences, nothing of what a peer sent.
        """
        now = self._clock()
        if now - self._said.get(text, -_PAUSE_SECONDS) < _PAUSE_SECONDS:
            self._unsaid[text] = self._unsaid.get(text, 0) + 1
            return
        self._said[text] = now
        unsaid = self._unsaid.pop(text, 0)
        _LOG.warning(
            "%s%s", text, f" (and {unsaid} times since it was last said)" if unsaid else ""
        )
