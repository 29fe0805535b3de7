"""A clock that a test sets on."""

NOW = 1_795_341_600_000  # 2026-11-22T10:00:00Z


class Clock:
    """Returns one instant until it is set on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now
