"""From what a scenario writes to a request: what it leaves out is filled in."""

from collections.abc import Mapping
from typing import cast

from google.protobuf import json_format
from google.protobuf.message import Message

from wallet.v1 import wallet_pb2
from wallet_server.conformance.methods import Method, methods
from wallet_server.conformance.scenario import Call, Json
from wallet_server.conformance.shorthand import Cast, write_out

TENANT_ID = "tenant_id"


class RequestError(Exception):
    """What is written is no request of the method."""


def build_request(call: Call, cast_: Cast) -> Message:
    """Returns the request of a call.

    Raises:
        RequestError: The proto has no such field, or the value is none of it.

    """
    method = methods()[call.method]
    currency = currency_of(call, cast_)
    try:
        written = write_out(method.request, _fill(method, call, cast_), cast_, currency)
        return json_format.ParseDict(without_nulls(written), method.new_request())
    except json_format.ParseError as error:
        raise RequestError(str(error)) from error
    except KeyError as error:
        raise RequestError(f"{error.args[0]} stands for nothing") from error


def currency_of(call: Call, cast_: Cast) -> str:
    """Returns the currency that a plain amount is of; empty if no wallet says."""
    wallet = call.request.get("wallet", cast_.only_name)
    if isinstance(wallet, Mapping):
        return str(cast("Mapping[str, Json]", wallet).get("currency_code", ""))
    ref = cast_.wallets.get(wallet) if isinstance(wallet, str) else None
    return ref.currency_code if ref else ""


def _fill(method: Method, call: Call, cast_: Cast) -> dict[str, Json]:
    request = dict(call.request)
    names = method.request.fields_by_name
    if "wallet" in names:
        request["wallet"] = _wallet(request.get("wallet", cast_.only_name or ""), cast_)
    if TENANT_ID in names:
        request.setdefault(TENANT_ID, cast_.tenant_id)
    if method.is_named:
        request.setdefault("request_id", call.path)
    return request


def _wallet(wallet: Json, cast_: Cast) -> Json:
    if wallet is None:
        return None
    if isinstance(wallet, Mapping):
        return {"tenant_id": cast_.tenant_id, **cast("Mapping[str, Json]", wallet)}
    if wallet not in cast_.wallets:
        raise RequestError(f"wallet must be one of: {', '.join(cast_.wallets)}")
    return _as_json(cast_.wallets[wallet])


def _as_json(ref: wallet_pb2.WalletRef) -> Json:
    return json_format.MessageToDict(ref, preserving_proto_field_name=True)


def without_nulls(value: Json) -> Json:
    """Returns the value without what is written as absent."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Json]", value)
        return {key: without_nulls(each) for key, each in fields.items() if each is not None}
    if isinstance(value, list):
        return [without_nulls(each) for each in cast("list[Json]", value)]
    return value
