"""Model names: which vendor's counting they follow and how they are shown short."""

import re

from amp_tray.core.events import UNKNOWN_MODEL

_DATE_SUFFIX = re.compile(r"[-@](?:20\d{6}|20\d{2}-\d{2}-\d{2})$")
_VERSION_SUFFIX = re.compile(r"-v\d+(?::\d+)?$|@default$|:latest$")


def is_claude(model: str) -> bool:
    """Say whether the model reports its input apart from its cache, as Anthropic's do."""
    return "claude" in model.lower()


def is_known(model: str) -> bool:
    """Say whether the log named the model at all."""
    return model != UNKNOWN_MODEL


def without_provider(model: str) -> str:
    """Drop path-like and dotted provider prefixes.

    `accounts/fireworks/models/glm-4p6` → `glm-4p6`; `anthropic.claude-x` → `claude-x`.
    """
    name = model.rsplit("/", 1)[-1]
    head, dot, tail = name.partition(".")
    # A dot also stands in versions (`gpt-5.2`): a provider has letters alone, then a letter.
    return tail if dot and head.isalpha() and tail[:1].isalpha() else name


def without_date(model: str) -> str:
    """Drop a release date and a deployment version: `claude-x-20250514-v1:0` → `claude-x`."""
    return _DATE_SUFFIX.sub("", _VERSION_SUFFIX.sub("", model))


def short_model(model: str) -> str:
    """Return the name for narrow places: no provider, no date, no `claude-`."""
    bare = without_provider(without_provider(model))  # twice: `us.anthropic.claude-x`
    return without_date(bare).removeprefix("claude-") or model
