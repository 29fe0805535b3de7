"""The published OpenRPC document: made of the method table, whole, and true of every vector."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from amp_tray_rpc import PROTOCOL
from amp_tray_rpc.described import METHODS as DESCRIBED
from amp_tray_rpc.described import NOTIFICATIONS
from amp_tray_rpc.descriptions import Example
from amp_tray_rpc.dispatch import answer
from amp_tray_rpc.encoding import crossed_notification
from amp_tray_rpc.errors import Code
from amp_tray_rpc.methods.context import Context
from amp_tray_rpc.methods.table import METHODS
from amp_tray_rpc.openrpc import document_json, document_text, request_text
from amp_tray_rpc.params import described
from tests.rpc.fakes import ScriptedBackend

RPC = Path(__file__).parents[2] / "rpc"
TEXT = (RPC / "openrpc.json").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = json.loads(TEXT)
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
BY_NAME: dict[str, Any] = {method["name"]: method for method in DOCUMENT["methods"]}

# What the specification's own meta-schema asks of the parts that are used here.
_TEXT = {"type": "string", "minLength": 1}
_SCHEMA = {"$ref": "http://json-schema.org/draft-07/schema#"}
_REFERENCE = {
    "type": "object",
    "required": ["$ref"],
    "additionalProperties": False,
    "properties": {
        "$ref": {"type": "string", "pattern": "^#/components/(schemas|errors)/[A-Za-z]+$"}
    },
}
_CONTENT = {
    "type": "object",
    "required": ["name", "schema"],
    "additionalProperties": False,
    "properties": {
        "name": _TEXT,
        "description": _TEXT,
        "required": {"type": "boolean"},
        "schema": _SCHEMA,
    },
}
_VALUE = {
    "type": "object",
    "required": ["name", "value"],
    "additionalProperties": False,
    "properties": {"name": _TEXT, "value": {}},
}
_METHOD = {
    "type": "object",
    "required": ["name", "summary", "description", "params", "paramStructure"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": r"^[a-z]+\.[a-z]+$"},
        "summary": _TEXT,
        "description": _TEXT,
        "paramStructure": {"const": "by-name"},
        "params": {"type": "array", "items": _CONTENT},
        "result": _CONTENT,
        "errors": {"type": "array", "items": _REFERENCE, "uniqueItems": True},
        "examples": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "params"],
                "additionalProperties": False,
                "properties": {
                    "name": _TEXT,
                    "params": {"type": "array", "items": _VALUE},
                    "result": _VALUE,
                },
            },
        },
    },
}
_ERROR = {
    "type": "object",
    "required": ["code", "message", "data"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "integer", "minimum": -32768, "maximum": -32000},
        "message": _TEXT,
        "data": {"type": "object", "required": ["kind", "hint"]},
    },
}
META = {
    "type": "object",
    "required": ["openrpc", "info", "methods", "components"],
    "additionalProperties": False,
    "properties": {
        "openrpc": {"const": "1.3.2"},
        "info": {"type": "object", "required": ["title", "version"]},
        "methods": {"type": "array", "items": _METHOD},
        "components": {
            "type": "object",
            "required": ["schemas", "errors"],
            "additionalProperties": False,
            "properties": {
                "schemas": {"type": "object", "additionalProperties": _SCHEMA},
                "errors": {"type": "object", "additionalProperties": _ERROR},
            },
        },
    },
}


def validator(schema: Any) -> Draft7Validator:
    """Return what checks against a schema of the document, whose references it knows."""
    return Draft7Validator({**schema, "components": DOCUMENT["components"]})


def vectors() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield (case, request, answer) of the single requests to methods."""
    for path in sorted(RPC.glob("vectors/*.*/*.io")):
        asked: dict[object, dict[str, Any]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            mark, _, text = line.partition(" ")
            message = json.loads(text) if mark in {">>", "<<"} else []
            if mark == ">>" and isinstance(message, dict):
                asked[message.get("id")] = message
            elif isinstance(message, dict) and "method" not in message:
                request = asked[message["id"]]
                if request["method"] in METHODS:
                    yield f"{path.parent.name}/{path.stem}", request, message


def test_the_published_document_is_that_of_the_table_and_the_models() -> None:
    assert document_text() == TEXT, "run `make schemas`"
    assert json.loads(document_json()) == DOCUMENT


def test_it_is_an_open_rpc_document() -> None:
    Draft7Validator.check_schema(META)
    Draft7Validator(META).validate(DOCUMENT)
    assert DOCUMENT["info"]["version"] == PROTOCOL
    for name in re.findall(r'"#/components/(\w+/\w+)"', TEXT):
        part, _, key = name.partition("/")
        assert key in DOCUMENT["components"][part]


def test_it_has_every_method_and_notification_in_their_order() -> None:
    assert [*BY_NAME] == [*METHODS, *NOTIFICATIONS]
    assert [*DESCRIBED] == [*METHODS]
    for name, row in METHODS.items():
        takes = {param["name"]: param["description"] for param in BY_NAME[name]["params"]}
        assert takes == described(row.params)
        assert "result" in BY_NAME[name]
    for name in NOTIFICATIONS:
        assert BY_NAME[name]["x-direction"] == "server-to-client"
        assert "result" not in BY_NAME[name]


def test_it_has_every_code_that_an_answer_can_have() -> None:
    told = {error["code"] for error in DOCUMENT["components"]["errors"].values()}
    # The others are of messages that are no request of any method.
    assert set(Code) - told == {Code.PARSE_ERROR, Code.INVALID_REQUEST, Code.METHOD_NOT_FOUND}


@pytest.mark.parametrize(("case", "request_", "reply"), list(vectors()))
def test_every_vector_is_as_it_says(
    case: str, request_: dict[str, Any], reply: dict[str, Any]
) -> None:
    method = BY_NAME[request_["method"]]
    if "result" in reply:
        validator(method["result"]["schema"]).validate(reply["result"])
        params = request_.get("params") or {}
        schemas = {param["name"]: param for param in method["params"]}
        assert {name for name, param in schemas.items() if param["required"]} <= set(params)
        for name, value in params.items():
            validator(schemas[name]["schema"]).validate(value)
    else:
        error = reply["error"]
        reference = f"#/components/errors/{error['data']['kind']}"
        assert {"$ref": reference} in method["errors"]
        known = DOCUMENT["components"]["errors"][error["data"]["kind"]]
        assert (known["code"], known["message"]) == (error["code"], error["message"])


def examples() -> list[tuple[str, Example]]:
    return [(name, example) for name, about in DESCRIBED.items() for example in about.examples]


@pytest.mark.parametrize(("name", "example"), examples())
async def test_every_example_is_answered_as_it_says(
    name: str,
    example: Example,
    backend: ScriptedBackend,
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("amp_tray_rpc.methods.session.getpid", lambda: 4242)
    request = request_text(name, example.params)
    assert f">> {request}\n<< " in BY_NAME[name]["description"]
    reply = await answer(request.encode(), context)
    assert reply is not None
    result = json.loads(reply)["result"]
    if "…" not in example.result:
        assert result == json.loads(example.result)
    else:
        names = re.findall(
            r'[{,]"(\w+)":', re.sub(r"[\[{][^\[{]*…[^\]}]*[\]}]", "", example.result)
        )
        assert set(names) <= set(re.findall(r'"(\w+)":', reply.decode()))


async def test_notifications_are_as_it_says(backend: ScriptedBackend) -> None:
    params = {name: {p["name"]: p for p in BY_NAME[name]["params"]} for name in NOTIFICATIONS}
    summary = json.loads(encoded(await backend.summary()))
    validator(params["usage.changed"]["summary"]["schema"]).validate(summary)
    crossed = json.loads(crossed_notification(NOTIFICATIONS["budget.crossed"].example.encode()))
    assert [*crossed["params"]] == [*params["budget.crossed"]]
    for name, value in crossed["params"].items():
        validator(params["budget.crossed"][name]["schema"]).validate(value)


def encoded(result: Any) -> bytes:
    data: bytes = result.data
    return data


async def test_a_service_tells_it_of_itself(context: Context) -> None:
    reply = await answer(b'{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}', context)
    assert reply is not None
    assert json.loads(reply)["result"] == DOCUMENT
