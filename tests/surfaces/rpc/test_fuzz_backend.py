"""Any params, asked of the real service over its socket: a document, or a refusal that helps."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from amp_tray_rpc.client import Client, RemoteError
from tests.rpc.fuzz import CALLS, fuzzed
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Sandbox() as user:
        user.write(thread(answer(now()), thread_id="T-1"))
        with user.serving(), user.client() as client:
            yield client


@fuzzed(150)
@given(call=CALLS)
def test_any_params_get_a_result_or_are_refused(
    client: Client, call: tuple[str, dict[str, Any]]
) -> None:
    try:
        json.loads(client.call_raw(*call))
    except RemoteError as refusal:
        fault = refusal
    else:
        return
    assert fault.code in {-32602, -32002}
    assert fault.hint
