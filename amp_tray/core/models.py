"""Model names: how they are spelled, whose counting they follow, how they are shown short."""

import re
from typing import NamedTuple

from amp_tray.core.events import UNKNOWN_MODEL

_DATE_SUFFIX = re.compile(r"[-@](?:20\d{6}|20\d{2}-\d{2}-\d{2})$")
_VERSION_SUFFIX = re.compile(r"-v\d+(?::\d+)?$|@default$|[:@]latest$")
_STAGE_SUFFIX = re.compile(r"-(?:preview|latest|exp|experimental|beta)$")
# `4.5` and Fireworks' `4p5` are what vendors spell `4-5`.
_VERSION_POINT = re.compile(r"(?<=\d)[.p](?=\d)")


class Spelling(NamedTuple):
    """A model's name in ever looser spellings; two names are the same model where one is equal.

    Attributes:
        bare: lower case, without provider and deployment version, `4.5` as `4-5`.
        undated: the same without a release date.
        stageless: the same without `-preview` and the like.
    """

    bare: str
    undated: str
    stageless: str


def spelling_of(model: str) -> Spelling:
    """Return how a model's name is compared with others."""
    name = model.strip().lower()
    while (shorter := without_provider(name)) != name:  # `us.anthropic.claude-x`
        name = shorter
    bare = _VERSION_POINT.sub("-", _VERSION_SUFFIX.sub("", name)).replace("@", "-")
    undated = _DATE_SUFFIX.sub("", bare)
    return Spelling(bare, undated, _STAGE_SUFFIX.sub("", undated))


def is_claude(model: str) -> bool:
    """Say whether the model reports its input apart from its cache, as Anthropic's do."""
    return "claude" in model.lower()


def is_known(model: str) -> bool:
    """Say whether the log named the model at all."""
    return model != UNKNOWN_MODEL


def without_provider(model: str) -> str:
    """Drop a path-like or a dotted provider prefix.

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
