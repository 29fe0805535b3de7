"""The program's own versions in order: 1.2.0.dev3, then 1.2.0rc1, then 1.2.0."""

import re

_FORM = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:\.?(dev|rc)(\d{1,9}))?", re.ASCII)
_STAGES = {"dev": 0, "rc": 1, None: 2}


def version_key(text: str) -> tuple[int, ...] | None:
    """Return what versions are ordered by, None for a text that is no version of ours."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    numbers = (int(part) for part in found.group(1, 2, 3))
    return (*numbers, _STAGES[found[4]], int(found[5] or 0))


def is_older(one: str, other: str) -> bool:
    """Say whether one version came before another; of what is no version nobody knows."""
    first, second = version_key(one), version_key(other)
    return first is not None and second is not None and first < second
