"""Hostile input by name: what is sent, and what the service says to it.

One list for the tests here, which look at the answers, and for those of `tests/e2e`, which look
at what everybody else notices of it. Whatever of it could run would shut the service down.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tests.rpc.talk import counted

MIB = 1 << 20
SHUTDOWN = b'{"jsonrpc":"2.0","id":1,"method":"service.shutdown"}'


@dataclass(frozen=True)
class Input:
    """What one connection sends.

    Attributes:
        data: the bytes, all of them.
        kind: the refusal's kind; empty for what is taken after all.
        hint: a part of the refusal's hint.
        ends: whether the service ends the connection then.
    """

    data: bytes
    kind: str
    hint: str = ""
    ends: bool = False


def _fault(data: bytes, hint: str) -> Input:
    return Input(data, "framing", hint, ends=True)


def _invalid(data: bytes, hint: str) -> Input:
    return Input(counted(data), "invalidRequest", hint)


def _no_json(data: bytes) -> Input:
    return Input(counted(data), "parseError", "one JSON value")


def _nested(levels: int) -> bytes:
    return b'%b,"params":%b1%b}' % (SHUTDOWN[:-1], b'{"a":' * levels, b"}" * levels)


def _with(member: bytes) -> bytes:
    return b"%b,%b}" % (SHUTDOWN[:-1], member)


def _http(verb: bytes, body: bytes = b"") -> bytes:
    return (
        b"%b /?method=service.shutdown HTTP/1.1\r\nHost: 127.0.0.1:4242\r\n"
        b"Origin: https://example.org\r\nSec-Fetch-Mode: no-cors\r\n"
        b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n%b" % (verb, len(body), body)
    )


_MANY_PARAMS = json.dumps({f"p{number}": 0 for number in range(300_000)}).encode()
_SHUTDOWN_UTF_16 = SHUTDOWN.decode().encode("utf-16")

INPUTS: Mapping[str, Input] = MappingProxyType(
    {
        "HTTP GET": _fault(_http(b"GET"), "begins with"),
        "HTTP POST": _fault(_http(b"POST", SHUTDOWN + b"\n"), "begins with"),
        "HTTP CONNECT": _fault(_http(b"CONNECT", counted(SHUTDOWN)), "Content-Length or"),
        "TLS": _fault(b"\x16\x03\x01\x02\x00\x01" + bytes(500), "begins with"),
        "header of 64 KB": _fault(
            b"Content-Length: %d\r\nContent-Type: application/json%b\r\n\r\n%b"
            % (len(SHUTDOWN), b" " * 65_536, SHUTDOWN),
            "longer than the limit",
        ),
        "two Content-Length": _fault(b"Content-Length: 2\r\n" + counted(SHUTDOWN), "once"),
        "charset=utf-16": _fault(
            b"Content-Type: application/json; charset=utf-16\r\nContent-Length: %d\r\n\r\n%b"
            % (len(_SHUTDOWN_UTF_16), _SHUTDOWN_UTF_16),
            "UTF-8",
        ),
        "bare LF": _fault(b"Content-Length: %d\n\n%b" % (len(SHUTDOWN), SHUTDOWN), "CR LF"),
        "BOM": _fault(counted(b"\xef\xbb\xbf" + SHUTDOWN), "byte order mark"),
        "BOM first": _fault(b"\xef\xbb\xbf" + SHUTDOWN + b"\n", "begins with"),
        "NUL": _fault(SHUTDOWN[:-1] + b"\0}\n", "NUL"),
        "1 GB announced": _fault(b"Content-Length: 1073741824\r\n\r\n{", "longer than the limit"),
        "line of 5 MiB": _fault(SHUTDOWN[:-1] + b" " * (5 * MIB) + b"}\n", "longer than the limit"),
        "4,900 levels of nesting": _no_json(_nested(4_900)),
        "5,000 levels of nesting": _invalid(_nested(5_000), "at most 5000 values and escapes"),
        "invalid UTF-8": _no_json(_with(b'"params":{"client":"\xff"}')),
        "NaN": _no_json(_with(b'"params":{"client":NaN}')),
        "Infinity": _no_json(SHUTDOWN.replace(b"1", b"-Infinity")),
        "lone surrogate": _no_json(SHUTDOWN.replace(b":1,", b':"\\ud800",')),
        "id of 1e999": _invalid(SHUTDOWN.replace(b":1,", b":1e999,"), "an id is"),
        "id of 5,000 digits": _invalid(SHUTDOWN.replace(b":1,", b":%b," % (b"9" * 5000)), "digits"),
        "id of 4 MiB": _invalid(
            SHUTDOWN.replace(b":1,", b':"%b",' % (b"x" * (4 * MIB - 100))), "an id is"
        ),
        "method of 4 MiB": Input(
            counted(SHUTDOWN.replace(b"shutdown", "€".encode() * 1_390_000)),
            "methodNotFound",
            "methods",
        ),
        "4 MiB of escapes": _invalid(
            SHUTDOWN.replace(b"shutdown", b"\\u20ac" * 690_000), "at most 5000 values and escapes"
        ),
        "1 MiB of a parameter": Input(
            SHUTDOWN.replace(b"service.shutdown", b"session.hello")[:-1]
            + b',"params":{"client":"%b"}}\n' % (b"x" * MIB),
            "invalidParams",
            "at most 100 characters",
        ),
        "300,000 parameters": _invalid(
            _with(b'"params":' + _MANY_PARAMS), "at most 5000 values and escapes"
        ),
        "20,000-member batch": _invalid(
            b"[" + b",".join([SHUTDOWN] * 20_000) + b"]", "at most 5000 values and escapes"
        ),
        "101-member batch": _invalid(b"[" + b",".join([SHUTDOWN] * 101) + b"]", "at most 100"),
        "4 MiB of empty objects": _invalid(
            b"[" + b"{}," * (4 * MIB // 3 - 2) + b"{}]", "at most 5000 values and escapes"
        ),
        "4 MiB of digits": _invalid(
            b"[" + b",".join([b"9" * 4300] * 900) + b"]", "at most 400 digits"
        ),
        # Of a member that stands twice the last counts, as in every common parser.
        "duplicate keys": Input(SHUTDOWN[:-1] + b',"method":"session.hello"}\n', ""),
    }
)
