"""Parameters checked against a method's model; what is wrong is said by name.

A refusal names parameters and says what each takes. It repeats no value.
"""

from collections.abc import Mapping

from pydantic import ValidationError

from amp_tray_rpc.errors import RpcError, invalid_params
from amp_tray_rpc.messages import Params

_LONGEST_NAME = 40
_MOST_NAMES = 5


def parse_params(model: type[Params], named: Mapping[str, object]) -> Params:
    """Return `named` as an instance of `model`.

    Raises:
        RpcError: invalid params; kind `unknownParams` or `invalidParams`, names in the hint.
    """
    try:
        return model.model_validate(named)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    unknown = [str(fault["loc"][0]) for fault in faults if fault["type"] == "extra_forbidden"]
    if unknown:
        raise _unknown(model, unknown) from None
    raise _invalid(model, [str(fault["loc"][0]) for fault in faults]) from None


def described(model: type[Params]) -> dict[str, str]:
    """Return each parameter's wire name and what it takes, in the model's order."""
    return {
        field.alias or name: field.description or "" for name, field in model.model_fields.items()
    }


def _unknown(model: type[Params], names: list[str]) -> RpcError:
    known = ", ".join(described(model)) or "none"
    listed = ", ".join(_shown(name) for name in names[:_MOST_NAMES])
    more = ", …" if len(names) > _MOST_NAMES else ""
    return invalid_params(
        f"unknown parameters: {listed}{more}; known: {known}", kind="unknownParams"
    )


def _invalid(model: type[Params], names: list[str]) -> RpcError:
    takes = described(model)
    # One parameter can fail in several ways; dict.fromkeys keeps the first of each, in order.
    said = [f"{name} takes {takes.get(name, 'another value')}" for name in dict.fromkeys(names)]
    return invalid_params("; ".join(said))


def _shown(name: str) -> str:
    short = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"
    return ascii(short) if not short.isprintable() else f'"{short}"'
