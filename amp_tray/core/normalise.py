"""Rule R1: one usage's counts told apart, and the model they are of.

Source: thread files of published Amp builds. Non-Claude models report their uncached prompt as
cache creation, and one dialect's input includes the cache.
"""

from amp_tray.core.events import UNKNOWN_MODEL
from amp_tray.core.models import is_claude, is_known
from amp_tray.core.records import MessageUsage, ThreadRecord, ToolInference
from amp_tray.core.tokens import TokenCounts


def normalise(
    counts: TokenCounts, total_input: int | None, model: str = UNKNOWN_MODEL
) -> TokenCounts:
    """Rule R1: tell the dialects of one usage apart and return input without cache.

    Args:
        counts: as the file spells them.
        total_input: `totalInputTokens`, None when absent.
        model: after the model ladder; models other than Claude report the uncached prompt
            as cache creation, which is plain input.
    """
    uncached, output, creation, read = counts
    inclusive = total_input is not None and uncached == total_input
    if inclusive and uncached + creation + read != total_input:
        uncached, creation = max(0, uncached - read), 0
    if is_known(model) and not is_claude(model):
        uncached, creation = uncached + creation, 0
    return TokenCounts(uncached, output, creation, read)


def counts_of(usage: MessageUsage | ToolInference, model: str) -> TokenCounts:
    """Return the normalised counts of one recorded usage of a model."""
    raw = TokenCounts(usage.input, usage.output, usage.cache_creation, usage.cache_read)
    return normalise(raw, usage.total_input, model)


def message_model(record: ThreadRecord, message: MessageUsage) -> str:
    """Return the message's model by the model ladder, `unknown` when nothing names one."""
    return message.model or record.tag_model or record.last_model or UNKNOWN_MODEL
