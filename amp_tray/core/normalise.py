"""Rule R1: one usage's counts told apart, and the model they are of.

Source: thread files of published Amp builds. Non-Claude models report their uncached prompt as
cache creation, and one dialect's input includes the cache.
"""

from collections.abc import Sequence
from functools import lru_cache
from operator import eq
from typing import TypeAlias

from amp_tray.core.events import UNKNOWN_MODEL
from amp_tray.core.models import is_claude, is_known
from amp_tray.core.records import MessageUsage, ThreadRecord, ToolInference

Counts: TypeAlias = tuple[int, int, int, int]
"""Input, output, cache creation and cache read, as `TokenCounts` has them."""

Columns: TypeAlias = Sequence[Sequence[int]]
"""The four kinds of many usages, each kind by itself."""


def normalise(counts: Counts, total_input: int | None, model: str = UNKNOWN_MODEL) -> Counts:
    """Rule R1: tell the dialects of one usage apart and return input without cache.

    Args:
        counts: as the file spells them.
        total_input: `totalInputTokens`, None when absent.
        model: after the model ladder; models other than Claude report the uncached prompt
            as cache creation, which is plain input.
    """
    uncached, output, creation, read = counts
    if uncached == total_input and (creation or read):  # the input includes the cache
        uncached, creation = max(0, uncached - read), 0
    if creation and _creates_by_prompt(model):
        uncached, creation = uncached + creation, 0
    return uncached, output, creation, read


def normalise_all(
    columns: Columns, total_inputs: Sequence[int | None], models: Sequence[str]
) -> Columns:
    """Rule R1 for many usages at once."""
    if any(map(eq, columns[0], total_inputs)) or any(map(_creates_by_prompt, {*models})):
        usages = zip(*columns, strict=True)
        return tuple(zip(*map(normalise, usages, total_inputs, models), strict=True))
    return columns  # as nearly always: Claude's, told in today's dialect


@lru_cache(maxsize=1024)
def _creates_by_prompt(model: str) -> bool:
    return is_known(model) and not is_claude(model)


def counts_of(usage: MessageUsage | ToolInference, model: str) -> Counts:
    """Return the normalised counts of one recorded usage of a model."""
    raw = (usage.input, usage.output, usage.cache_creation, usage.cache_read)
    return normalise(raw, usage.total_input, model)


def fallback_model(record: ThreadRecord) -> str:
    """Return the model of a message that names none, by the model ladder."""
    return record.tag_model or record.last_model or UNKNOWN_MODEL
