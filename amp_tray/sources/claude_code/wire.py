"""Lines of a session log as typed structs: what is not counted is skipped unread.

Source: the logs of published Claude Code builds, 2025 to 2026. A line is one JSON object; an
answer has a line for each of its parts, each with the usage so far.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

MAX_COUNT = 10**12
"""No model call has a million million tokens."""

Count = Annotated[int, Meta(ge=0, le=MAX_COUNT)] | None


class Creation(Struct):
    """`cache_creation`: for how long what is written to the cache is kept."""

    ephemeral_5m_input_tokens: Count = None
    ephemeral_1h_input_tokens: Count = None


class Usage(Struct):
    """`message.usage`: what one call is billed for."""

    input_tokens: Count = None
    output_tokens: Count = None
    cache_creation_input_tokens: Count = None
    cache_read_input_tokens: Count = None
    cache_creation: Creation | None = None
    speed: Any = None
    service_tier: Any = None


class Message(Struct):
    """`message`, as the vendor's interface returned it."""

    id: str | None = None
    model: str | None = None
    usage: Usage | None = None


class Line(Struct, rename="camel"):
    """A line, or the line of a sub-agent that a line of its session repeats."""

    type: str | None = None
    timestamp: str | None = None
    session_id: str | None = None
    request_id: str | None = None
    uuid: str | None = None
    cwd: str | None = None
    is_sidechain: bool | None = None
    is_api_error_message: bool | None = None
    cost: float | None = field(default=None, name="costUSD")
    forked_from: Any = None
    message: Message | None = None
    data: "Data | None" = None


class Data(Struct):
    """`data` of a line that tells how a sub-agent gets on."""

    message: Line | None = None


class _Text(Struct):
    text: str | None = None


class _Said(Struct):
    content: list[_Text] | str | None = None


class Notice(Struct):
    """A line of a message that the program itself wrote: an error, a limit that was reached."""

    timestamp: str | None = None
    message: _Said | None = None

    @property
    def text(self) -> str:
        """What it says."""
        content = self.message.content if self.message else None
        if isinstance(content, str):
            return content
        return " ".join(part.text or "" for part in content or ())


class Kind(Struct):
    """Of a line that is not as expected, whether it was one that counts."""

    type: Any = None


LINE = msgspec.json.Decoder(Line)
NOTICE = msgspec.json.Decoder(Notice)
KIND = msgspec.json.Decoder(Kind)
