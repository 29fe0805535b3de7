"""Who wants to hear of something: told one after the other, and none of them harms the rest."""

import logging
from collections.abc import Callable
from typing import Generic, ParamSpec

log = logging.getLogger(__name__)

_P = ParamSpec("_P")


class Listeners(Generic[_P]):
    """Callables that hear of one kind of thing; all calls belong to one thread."""

    def __init__(self, what: str) -> None:
        """Begin with nobody; `what` they listen to is for the log."""
        self._what = what
        self._listeners: list[Callable[_P, None]] = []

    def add(self, listener: Callable[_P, None]) -> Callable[[], None]:
        """Tell `listener` from now on; returns the function that ends it, which may be repeated."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def tell(self, *args: _P.args, **kwargs: _P.kwargs) -> None:
        """Tell everybody who listens now."""
        for listener in tuple(self._listeners):
            try:
                listener(*args, **kwargs)
            except Exception:  # fault boundary: one listener may fail, the others hear of it
                log.exception("a %s listener failed", self._what)
