"""What the tray says of a thread, and of the parts that models and projects have.

As `text`, whose catalogue it fills in.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from amp_tray.core.models import short_model
from amp_tray.surfaces.tray.summary import ModelShare, ProjectShare, Share, Thread
from amp_tray.surfaces.tray.text import WORDS, names, thread_row, user_text


def thread(found: Thread) -> str:
    """Return a thread's row: its title and cost."""
    return thread_row(found.title, found.total_cost, found.unpriced_tokens)


def recent_thread(found: Thread, now: datetime) -> str:
    """Return a thread's row with when it was used last."""
    shown, spent = user_text(found.title, WORDS.untitled), _cost(found)
    if found.last_activity_at is None:
        return WORDS.thread.format(title=shown, cost=spent)
    age = WORDS.ago(found.last_activity_at, now)
    return WORDS.recent_thread.format(title=shown, cost=spent, age=age)


def thread_cost(found: Thread) -> str:
    """Return the row of a thread's cost, with its credits where some were recorded."""
    parts = [_cost(found)] + ([WORDS.credits(found.credits)] if found.credits else [])
    return WORDS.thread_cost.format(cost=WORDS.joint.join(parts))


def thread_tokens(found: Thread) -> Mapping[str, str]:
    """Return the rows of a thread's tokens by kind, the sum first."""
    kinds = {
        "total": (WORDS.thread_total, found.total_tokens),
        "input": (WORDS.thread_input, found.input_tokens),
        "output": (WORDS.thread_output, found.output_tokens),
        "cache-write": (WORDS.thread_cache_write, found.cache_creation_tokens),
        "cache-read": (WORDS.thread_cache_read, found.cache_read_tokens),
    }
    return {kind: said.format(tokens=WORDS.tokens(count)) for kind, (said, count) in kinds.items()}


def models(values: Sequence[str]) -> str:
    """Return the row that names a thread's models."""
    if not values:
        return WORDS.no_model
    shown = names([short_model(value) for value in values])
    return WORDS.thread_models.of(len(values)).format(names=shown)


def project(value: str | None) -> str:
    """Return the row that names a thread's project."""
    return WORDS.thread_project.format(name=user_text(value or "", WORDS.not_recorded))


def last_activity(then: datetime | None, now: datetime) -> str:
    """Return the row that tells when a thread was last used."""
    age = WORDS.not_recorded if then is None else WORDS.ago(then, now)
    return WORDS.thread_activity.format(age=age)


def model_share(found: ModelShare) -> str:
    """Return the row of a model's part of the month."""
    return _share(user_text(short_model(found.model), WORDS.unnamed), found)


def project_share(found: ProjectShare) -> str:
    """Return the row of a project's part of the month."""
    return _share(user_text(found.project or "", WORDS.no_project), found)


def _cost(found: Share) -> str:
    return WORDS.cost(found.total_cost, found.unpriced_tokens)


def _share(name: str, found: Share) -> str:
    tokens = WORDS.tokens(found.total_tokens)
    return WORDS.share.format(name=name, cost=_cost(found), tokens=tokens)
