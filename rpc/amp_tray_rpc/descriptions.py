"""What is said of a method or a notification beyond its row in the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from amp_tray_rpc.errors import RpcError

Params = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and its answer.

    Attributes:
        name: what is asked, in a few words.
        params: what is sent; empty for none.
        result: the answer as JSON, a part of it where it ends in "…".
    """

    name: str
    result: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """A method, as its row in the table does not tell it.

    Attributes:
        text: what it does, in Markdown.
        result: the model of what it returns.
        errors: those that not every method has.
    """

    text: str
    result: type[BaseModel]
    examples: Sequence[Example]
    errors: Sequence[RpcError] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A notification that the service sends.

    Attributes:
        summary: what it tells, one line.
        text: the same at length, in Markdown.
        params: their model.
        example: params as JSON, a part of them where it ends in "…".
    """

    summary: str
    text: str
    params: type[BaseModel]
    example: str
