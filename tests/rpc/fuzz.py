"""How the wire is fuzzed: what is tried, how much of it, and what every answer must be.

`make test` tries the same few hundred inputs each time. `make fuzz` tries others, many more:
`AMP_TRAY_FUZZ=5000 pytest tests/rpc -k fuzz` gives each property so many. What it finds,
hypothesis keeps under `.hypothesis` and tries first the next time.
"""

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from amp_tray_rpc.methods.table import METHODS
from amp_tray_rpc.params import described

_MANY = int(os.environ.get("AMP_TRAY_FUZZ", "0"))
_HANG_SECONDS = 20.0
_LONGEST_REFUSAL = 4_000  # bytes of an answer that is an error; an id of mine may come back in it


def fuzzed(examples: int) -> settings:
    """Return how one property is tried: `examples` times, or as often as the long run says."""
    return settings(
        max_examples=_MANY or examples,
        derandomize=not _MANY,
        deadline=None,  # `no_hang` bounds each example, without failing where a machine is busy
        suppress_health_check=list(HealthCheck),
    )


@contextlib.contextmanager
def no_hang() -> Iterator[None]:
    """Fail an example that does not end."""

    def fail(*_args: object) -> None:
        raise AssertionError(f"it still runs after {_HANG_SECONDS} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, _HANG_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**53, 2**63, -(2**63) - 1, 2**64, 10**399])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.text(min_size=200, max_size=3000)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
DAYS = st.sampled_from(
    ["7d", "0d", "99999999999d", "today", "2026-11-22", "0000-00-00", "9999-12-31", "-1d", "٣d"]
)
ZONES = st.sampled_from(
    ["UTC", "local", "Europe/Berlin", "../../etc/passwd", "/etc/localtime", "", "\0", "a/" * 30]
)
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "since": DAYS | st.text(max_size=40) | JSON,
    "until": DAYS | st.text(max_size=40) | JSON,
    "timezone": ZONES | st.text(max_size=70) | JSON,
    "order": st.sampled_from(["asc", "desc"]) | JSON,
    "mode": st.sampled_from(["auto", "calculate", "display"]) | JSON,
    "project": st.text(max_size=1001) | JSON,
    "source": st.sampled_from(["amp"]) | JSON,
    "model": st.text(max_size=20) | JSON,
    "noCost": st.booleans() | JSON,
    "last": st.integers(-1, 10_001) | JSON,
    "startOfWeek": st.sampled_from(["monday", "sunday"]) | JSON,
    "sessionId": st.text(max_size=201) | JSON,
    "client": st.text(max_size=101) | JSON,
    "protocol": st.sampled_from(["1.0", "2.0", "9999.9999"]) | JSON,
    "paused": st.booleans() | JSON,
    "token": st.text(max_size=50) | JSON,
}
PARAMS = st.fixed_dictionaries({}, optional=_VALUES)
HARMLESS = sorted(METHODS.keys() - {"service.shutdown", "pricing.refresh"})


def own_params(method: str) -> st.SearchStrategy[dict[str, Any]]:
    """Draw params that a method knows, with values that it may not take."""
    names = described(METHODS[method].params)
    return st.fixed_dictionaries({}, optional={name: _VALUES[name] for name in names})


CALLS = st.sampled_from(HARMLESS).flatmap(
    lambda method: st.tuples(st.just(method), own_params(method))
)
_IDS = st.integers() | st.text(max_size=1001) | SCALARS
REQUESTS = CALLS.flatmap(
    lambda call: st.fixed_dictionaries(
        {"jsonrpc": st.just("2.0"), "method": st.just(call[0])},
        optional={"id": _IDS, "params": st.just(call[1]) | PARAMS | JSON},
    )
)
NEARLY_REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | JSON,
        "id": JSON,
        "method": st.sampled_from(HARMLESS) | JSON,
        "params": PARAMS | JSON,
        "result": JSON,
        "error": JSON,
        "\ud83d": JSON,
    },
)
MESSAGES = JSON | REQUESTS | NEARLY_REQUESTS | st.lists(REQUESTS | NEARLY_REQUESTS, max_size=4)

# What a hostile hand would put into the text of a request.
_SPLINTERS = st.sampled_from(
    [
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"9" * 401,
        b"9" * 5000,
        b"[" * 201,
        b'{"a":' * 5000,
        b'"\\ud800"',
        b"\\u0000",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\0",
        b"\n",
        b",{}" * 101,
        b",1" * 6000,
        b'"id":2,"method":"service.status",',
        b"//",
        b"'",
    ]
)


@st.composite
def mutated(draw: st.DrawFn, bodies: st.SearchStrategy[bytes]) -> bytes:
    """Draw a body and cut, double or replace a few of its bytes."""
    body = draw(bodies)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 30)))
        middle = draw(_SPLINTERS | st.binary(max_size=4) | st.just(body[start:end] * 2))
        body = body[:start] + middle + body[end:]
    return body


def as_json(message: object) -> bytes:
    """Return a message as a client would write it."""
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Return `data` in pieces, cut where `cuts` says as far as it goes."""
    marks = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(marks)]


def check_answer(reply: bytes) -> list[dict[str, Any]]:
    """Return an answer's members, all of which are valid JSON-RPC 2.0 of the documented kind."""
    decoded = strict_json(reply)
    if isinstance(decoded, list):
        assert decoded, "an empty batch is no answer"
    members = decoded if isinstance(decoded, list) else [decoded]
    for member in members:
        assert member["jsonrpc"] == "2.0"
        if "method" in member:
            assert member.keys() == {"jsonrpc", "method", "params"}
            continue
        assert member.keys() in ({"jsonrpc", "id", "result"}, {"jsonrpc", "id", "error"})
        if "error" in member:
            _check_error(member["error"], len(as_json(member["id"])))
    return members


def _check_error(error: dict[str, Any], id_size: int) -> None:
    assert error.keys() == {"code", "message", "data"}
    assert error["data"].keys() == {"kind", "hint"}
    assert error["code"] in {-32700, -32600, -32601, -32602, -32001, -32002, -32003, -32004}
    assert len(as_json(error)) <= _LONGEST_REFUSAL + id_size


def strict_json(text: bytes) -> Any:
    """Return the value of a text that every parser reads alike."""
    return json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)


def _refuse(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    assert len(members) == len(pairs), "a member stands twice"
    return members
