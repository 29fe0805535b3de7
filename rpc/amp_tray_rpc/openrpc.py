"""The OpenRPC document: the wire for programs, made of the method table and the models.

Source: OpenRPC specification 1.3.2. There a method without a result is a notification; those
that the service sends are marked by an extension, `x-direction`, since the specification has
clients in mind that send them.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from amp_tray_rpc import PROTOCOL
from amp_tray_rpc.described import METHODS as DESCRIBED
from amp_tray_rpc.described import NOTIFICATIONS
from amp_tray_rpc.descriptions import Described, Example, Params, Told
from amp_tray_rpc.documents import NamedMembers
from amp_tray_rpc.errors import (
    RpcError,
    internal_error,
    invalid_params,
    not_authenticated,
    not_ready,
)
from amp_tray_rpc.methods.context import Method
from amp_tray_rpc.methods.table import METHODS

Json = dict[str, Any]

_INTRODUCTION = (
    "What coding agents cost: JSON-RPC 2.0 on a Unix socket, or on a TCP port of the loopback "
    "interface that a token opens. A message is a line, or counted as language servers count "
    "theirs; the first byte tells which. Params go by name. Amounts are exact decimal numbers, "
    "instants are UTC, days those of a zone. `rpc/README.md` says how to connect."
)
_REFERENCE = "#/components/schemas/{model}"
_COMMON_ERRORS = (
    invalid_params("since takes first day, such as …"),
    invalid_params('unknown parameters: "day"; known: none', kind="unknownParams"),
    internal_error(),
)


@cache
def document_json() -> bytes:
    """Return the document as compact JSON."""
    return json.dumps(_document(), ensure_ascii=False, separators=(",", ":")).encode()


def document_text() -> str:
    """Return the document as people read it."""
    return json.dumps(_document(), indent=2, ensure_ascii=False) + "\n"


def request_text(method: str, params: Params, *, request_id: int | None = 1) -> str:
    """Return a request, or a notification, as an example shows it."""
    message: Json = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": dict(params)}
    kept = {name: value for name, value in message.items() if value not in (None, {})}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _document() -> Json:
    schemas = _schemas()
    return {
        "openrpc": "1.3.2",
        "info": {
            "title": "amp-tray",
            "version": PROTOCOL,
            "description": _INTRODUCTION,
            "license": {"name": "MIT"},
        },
        "methods": [
            *(_method(row, DESCRIBED[name]) for name, row in METHODS.items()),
            *(_notification(name, told, schemas) for name, told in NOTIFICATIONS.items()),
        ],
        "components": {
            "schemas": schemas,
            "errors": {
                error.kind: _error(error)
                for name, row in METHODS.items()
                for error in _errors_of(row, DESCRIBED[name])
            },
        },
    }


def _method(row: Method, about: Described) -> Json:
    examples = [_in_words(row.name, example) for example in about.examples]
    return {
        "name": row.name,
        "summary": row.summary,
        "description": "\n\n".join([about.text, *examples]),
        "paramStructure": "by-name",
        "params": list(_descriptors(_schema_of(row.params))),
        "result": {
            "name": about.result.__name__,
            "schema": {"$ref": _REFERENCE.format(model=about.result.__name__)},
        },
        "errors": [
            {"$ref": f"#/components/errors/{error.kind}"} for error in _errors_of(row, about)
        ],
        "examples": [_example(example) for example in about.examples],
    }


def _notification(name: str, told: Told, schemas: Json) -> Json:
    shown = f'{{"jsonrpc":"2.0","method":"{name}","params":{told.example}}}'
    return {
        "name": name,
        "summary": told.summary,
        "description": f"{told.text}\n\nExample:\n\n```text\n<< {shown}\n```",
        "paramStructure": "by-name",
        "params": list(_descriptors(schemas[told.params.__name__])),
        "x-direction": "server-to-client",
    }


def _errors_of(row: Method, about: Described) -> Iterator[RpcError]:
    if not row.before_admission:
        yield not_authenticated()
    if not row.before_ready:
        yield not_ready()
    yield from about.errors
    yield from _COMMON_ERRORS


def _error(error: RpcError) -> Json:
    data = {"kind": error.kind, "hint": error.hint}
    return {"code": error.code, "message": error.message, "data": data}


def _in_words(method: str, example: Example) -> str:
    request = request_text(method, example.params)
    answer = f'{{"jsonrpc":"2.0","id":1,"result":{example.result}}}'
    return f"Example: {example.name}.\n\n```text\n>> {request}\n<< {answer}\n```"


def _example(example: Example) -> Json:
    given = [{"name": name, "value": value} for name, value in example.params.items()]
    pairing: Json = {"name": example.name, "params": given}
    if "…" not in example.result:
        pairing["result"] = {"name": "result", "value": json.loads(example.result)}
    return pairing


def _descriptors(schema: Json) -> Iterator[Json]:
    """Yield the content descriptors of a model's members."""
    for name, member in schema.get("properties", {}).items():
        bare = {
            key: value for key, value in member.items() if key not in {"description", "default"}
        }
        said = {"description": member["description"]} if "description" in member else {}
        required = name in schema.get("required", [])
        yield {"name": name, **said, "required": required, "schema": bare}


def _schema_of(model: type[BaseModel]) -> Json:
    return model.model_json_schema(ref_template=_REFERENCE, schema_generator=NamedMembers)


def _schemas() -> Json:
    models = [about.result for about in DESCRIBED.values()]
    models += [told.params for told in NOTIFICATIONS.values()]
    _, schema = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)],
        ref_template=_REFERENCE,
        schema_generator=NamedMembers,
    )
    schemas: Json = schema["$defs"]
    return schemas
