"""The published schema: made of the models, true of every document, and strict."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from amp_tray_rpc.documents import AnyReport, schema_text
from amp_tray_rpc.encoding import encode_value
from amp_tray_rpc.messages import ReportParams
from amp_tray_rpc.methods.table import METHODS
from tests.rpc.documents import KEYS, report

RPC = Path(__file__).parents[2] / "rpc"
SCHEMA = json.loads((RPC / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
MODEL: TypeAdapter[Any] = TypeAdapter(AnyReport)


def documents() -> list[tuple[str, Any]]:
    """Return the report documents of all vectors, each with its kind."""
    found = []
    for path in sorted(RPC.glob("vectors/report.*/*.io")):
        for line in path.read_text(encoding="utf-8").splitlines():
            answer = json.loads(line[3:]) if line.startswith("<< ") else {}
            if "result" in answer:
                found.append((path.parent.name.removeprefix("report."), answer["result"]))
    return found


def plain(kind: str, **params: Any) -> dict[str, Any]:
    """Return a document as a client parses it."""
    document: dict[str, Any] = json.loads(encode_value(report(kind, ReportParams(**params))))
    return document


def test_the_published_schema_is_that_of_the_models() -> None:
    assert json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n" == schema_text()
    Draft202012Validator.check_schema(SCHEMA)


def test_every_kind_has_a_method_a_document_and_a_model() -> None:
    methods = {name.removeprefix("report.") for name in METHODS if name.startswith("report.")}
    assert methods == set(KEYS) == {kind for kind, _ in documents()}
    named = {kind["$ref"].rpartition("/")[2] for kind in SCHEMA["anyOf"]}
    keys = {tuple(SCHEMA["$defs"][name]["required"]) for name in named}
    assert keys == {("totals", "meta", key) for key in KEYS.values()}


@pytest.mark.parametrize(("kind", "document"), documents())
def test_documents_of_the_vectors_are_valid(kind: str, document: Any) -> None:
    VALIDATOR.validate(document)
    MODEL.validate_json(json.dumps(document))
    assert next(iter(document)) == KEYS[kind]
    rows = document[KEYS[kind]]
    names = [name for name in document["totals"] if name.endswith(("Tokens", "Cost"))]
    for name in names:
        total = sum(Decimal(str(row[name])) for row in rows)
        assert total == Decimal(str(document["totals"][name]))


def _add(document: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    rows[0]["surprise"] = 1


def _drop(document: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    del rows[0]["credits"]


def _negative(document: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    document["totals"]["inputTokens"] = -1


def _no_number(document: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    rows[0]["totalCost"] = None


def _other_version(document: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    document["meta"]["schemaVersion"] = 2


def _fraction(document: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    rows[0]["modelBreakdowns"][0]["totalTokens"] = 1.5


def _no_instant(document: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    document["meta"]["generatedAt"] = "2026-11-22"


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    "spoil", [_add, _drop, _negative, _no_number, _other_version, _fraction, _no_instant]
)
def test_what_is_no_report_is_not_valid(
    kind: str, spoil: Callable[[dict[str, Any], list[dict[str, Any]]], None]
) -> None:
    document = plain(kind)
    assert VALIDATOR.is_valid(document)
    spoilt = copy.deepcopy(document)
    spoil(spoilt, spoilt[KEYS[kind]])
    assert not VALIDATOR.is_valid(spoilt)
    with pytest.raises(ValidationError):
        MODEL.validate_json(json.dumps(spoilt))


def test_numbers_keep_their_digits_in_the_models() -> None:
    text = encode_value(report("daily", ReportParams())).replace(b"0.30", b"0.300000000000000001")
    parsed = json.loads(text, parse_float=Decimal)
    assert MODEL.validate_python(parsed).totals.total_cost == Decimal("0.300000000000000001")
