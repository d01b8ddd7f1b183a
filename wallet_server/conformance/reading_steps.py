"""The steps of a scenario file."""

from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches

import grpc

from wallet_server.conformance.actors import FIELD as ACTOR
from wallet_server.conformance.actors import read_actor
from wallet_server.conformance.documents import read_applied
from wallet_server.conformance.durations import parse_duration
from wallet_server.conformance.error_infos import detail_message
from wallet_server.conformance.events import FIELD as EVENTS
from wallet_server.conformance.events import read_events
from wallet_server.conformance.keeping import FIELD as KEEP
from wallet_server.conformance.keeping import read_kept, with_stand_ins
from wallet_server.conformance.methods import methods
from wallet_server.conformance.node import Node
from wallet_server.conformance.patterns import check_pattern
from wallet_server.conformance.publishing import FIELD as PUBLISH
from wallet_server.conformance.publishing import calls_of
from wallet_server.conformance.repetition import written_out
from wallet_server.conformance.requests import RequestError, build_request
from wallet_server.conformance.scenario import (
    AdvanceStep,
    ApplyStep,
    BatchStep,
    Call,
    CallStep,
    Expectation,
    Json,
    ParallelStep,
    Step,
)
from wallet_server.conformance.shorthand import Cast

KINDS = ("call", PUBLISH, "parallel", "batch", "advance", "apply")
CALL_FIELDS = ("call", "request", ACTOR, "expect", "lose_reply", KEEP)
EXPECTATION_FIELDS = ("code", "reason", "metadata", "details", "response", "moves", EVENTS)
CODES = tuple(code.name for code in grpc.StatusCode)
CALLS_MAX = 8  # Of one parallel step: every order of them may have to be tried.
COMMANDS_MAX = 500  # Of one batch: the API's own limit.


def read_steps(node: Node, cast_: Cast) -> list[Step]:
    """Reads steps. `cast_` is what names may be tried with."""
    steps: list[Step] = []
    for item in node.items():
        for each in written_out(item):
            for call in calls_of(each):
                steps.append(_read_step(call, cast_))
                cast_ = with_stand_ins(cast_, steps[-1])
    return steps


def _read_step(node: Node, cast_: Cast) -> Step:
    kinds = [kind for kind in KINDS if kind in node.entries()]
    if len(kinds) != 1:
        node.note("WRONG_STEP", f"must have exactly one of: {', '.join(KINDS)}")
        return ApplyStep([])
    match kinds[0]:
        case "call":
            return _read_call_step(node, cast_)
        case "parallel":
            return _read_parallel(node, cast_)
        case "batch":
            return _read_batch(node.fields(["batch", ACTOR]), cast_)
        case "advance":
            return _read_advance(node.fields(["advance"])["advance"])
        case _:
            return ApplyStep(read_applied(node.fields(["apply"])["apply"]))


def _read_call_step(node: Node, cast_: Cast) -> CallStep:
    fields = node.fields(CALL_FIELDS)
    call = _read_call(node, fields, cast_)
    if "lose_reply" in fields and fields["lose_reply"].boolean():
        if "expect" in fields:
            fields["expect"].note("REPLY_LOST", "nobody hears the answer")
        return CallStep(call, None)
    method = methods().get(call.method)
    response = method.response if method is not None else None
    kept = read_kept(fields[KEEP], response) if KEEP in fields else {}
    return CallStep(call, _read_expectation(fields.get("expect"), call, cast_), kept)


def _read_call(node: Node, fields: Mapping[str, Node], cast_: Cast) -> Call:
    name = _read_method(fields["call"]) if "call" in fields else ""
    request = fields["request"].entries() if "request" in fields else {}
    written = {key: each.value for key, each in request.items()}
    call = Call(name, written, node.path, read_actor(fields, cast_))
    if name in methods():
        try:
            build_request(call, cast_)
        except RequestError as error:
            node.child("request", None).note("WRONG_REQUEST", str(error))
    return call


def _read_method(node: Node) -> str:
    name = node.text()
    if name and name not in methods():
        near = get_close_matches(name, methods())
        node.note("UNKNOWN_METHOD", " or ".join([f"{name} is no method", *near]))
    return name


def _read_parallel(node: Node, cast_: Cast) -> ParallelStep:
    fields = node.fields(["parallel", "expect_any_order"], ["parallel"])
    items = fields["parallel"].items()
    if len(items) > CALLS_MAX:
        fields["parallel"].note("TOO_MANY", f"must not be more than {CALLS_MAX}")
    any_order = "expect_any_order" in fields
    known = ("call", "request", ACTOR) if any_order else ("call", "request", ACTOR, "expect")
    parts = [item.fields(known, ["call"]) for item in items]
    calls = [_read_call(item, part, cast_) for item, part in zip(items, parts, strict=True)]
    expected = fields["expect_any_order"].items() if any_order else [p.get("expect") for p in parts]
    if len(expected) != len(calls):
        fields["expect_any_order"].note("WRONG_NUMBER", f"must be {len(calls)}, one for each call")
    pairs = zip(expected, calls, strict=False)
    for each in expected if any_order else ():
        if each is not None and EVENTS in each.entries():
            each.note("OUT_OF_PLACE", "it is not known which call told of what")
    return ParallelStep(calls, [_read_expectation(e, c, cast_) for e, c in pairs], any_order)


def _read_batch(fields: Mapping[str, Node], cast_: Cast) -> BatchStep:
    node = fields["batch"]
    items = node.items()
    if len(items) > COMMANDS_MAX:
        node.note("TOO_MANY", f"must not be more than {COMMANDS_MAX}")
    parts = [item.fields(("call", "request", "expect"), ["call"]) for item in items]
    calls = [_read_call(item, part, cast_) for item, part in zip(items, parts, strict=True)]
    for call, part in zip(calls, parts, strict=True):
        if call.method in methods() and not methods()[call.method].is_command:
            part["call"].note("NOT_A_COMMAND", "only commands go in a batch")
    expected = [part.get("expect") for part in parts]
    pairs = zip(expected, calls, strict=True)
    expectations = [_read_expectation(each, call, cast_) for each, call in pairs]
    return BatchStep(calls, expectations, read_actor(fields, cast_))


def _read_expectation(node: Node | None, call: Call, cast_: Cast) -> Expectation:
    if node is None:
        return Expectation()
    fields = node.fields(EXPECTATION_FIELDS)
    code = fields["code"].one_of(CODES, "UNKNOWN_CODE") if "code" in fields else "OK"
    method = methods().get(call.method)
    _check_fit(node, fields, code, is_command=method is None or method.is_command)
    response = fields["response"].entries() if "response" in fields else {}
    if call.method in methods() and "response" in fields:
        check_pattern(fields["response"], methods()[call.method].response, cast_)
    return Expectation(
        code=code,
        reason=fields["reason"].text() if "reason" in fields else "",
        metadata=_read_metadata(fields["metadata"]) if "metadata" in fields else {},
        response={key: each.value for key, each in response.items()},
        moves=fields["moves"].integers() if "moves" in fields else {},
        details=_read_details(fields["details"], cast_) if "details" in fields else {},
        events=read_events(fields[EVENTS], cast_) if EVENTS in fields else None,
    )


def _read_details(node: Node, cast_: Cast) -> dict[str, Json]:
    """Reads what a refusal says beside its reason: parts of messages, by their short names."""
    entries = node.entries()
    for name, each in entries.items():
        message = detail_message(name)
        if message is None:
            each.note("UNKNOWN_MESSAGE", "is no message of a refusal's details")
        else:
            check_pattern(each, message, cast_)
    return {name: each.value for name, each in entries.items()}


def _check_fit(node: Node, fields: Mapping[str, Node], code: str, *, is_command: bool) -> None:
    wrong = ("reason", "metadata", "details") if code == "OK" else ("response", "moves")
    for key in wrong:
        if key in fields:
            fields[key].note("OUT_OF_PLACE", f"says nothing where the code is {code}")
    for key in ("moves", EVENTS):
        if key in fields and not is_command:
            fields[key].note("OUT_OF_PLACE", "only a command moves or tells anything")
    if code != "OK" and "reason" not in fields:
        node.child("reason", None).note("MISSING", "must be given where the code is not OK")


def _read_metadata(node: Node) -> dict[str, str]:
    """Reads metadata: text on the wire, though numbers and `true` may be written plainly."""
    return {key: _read_fact(each) for key, each in node.entries().items()}


def _read_fact(node: Node) -> str:
    if node.value == "":
        return ""
    if isinstance(node.value, bool):
        return str(node.value).lower()
    return str(node.integer()) if isinstance(node.value, int) else node.text()


def _read_advance(node: Node) -> AdvanceStep:
    duration = parse_duration(str(node.value))
    if duration is None:
        node.note("WRONG_DURATION", "must look like 90s, 15m, 72h or 7d")
    return AdvanceStep(duration or timedelta())
