"""What a recording has otherwise than its scenario says. Pure: nothing is called."""

from collections.abc import Mapping, Sequence
from itertools import permutations

from wallet_server.conformance.accounts import account_balances, entries_of, net_changes
from wallet_server.conformance.error_infos import detail_message
from wallet_server.conformance.events import judge_events
from wallet_server.conformance.invariants import find_violations
from wallet_server.conformance.methods import methods
from wallet_server.conformance.patterns import find_mismatches
from wallet_server.conformance.recording import (
    REPLAYED,
    Exchange,
    Recording,
    Reply,
    WalletReading,
)
from wallet_server.conformance.requests import currency_of
from wallet_server.conformance.scenario import (
    BatchStep,
    Call,
    CallStep,
    Expectation,
    Json,
    ParallelStep,
    Scenario,
    Step,
)
from wallet_server.conformance.shorthand import Cast, write_out


def judge(scenario: Scenario, recording: Recording) -> list[str]:
    """Returns every difference, in the order of the scenario, and every broken invariant."""
    setup = [difference for each in recording.setup for difference in _judge_setup(each)]
    steps = judge_steps(list(zip(scenario.steps, recording.steps, strict=True)), recording)
    final = judge_final(scenario.final, recording)
    audit = [f"verify: {each}" for each in recording.audit]
    return setup + steps + final + find_violations(recording) + audit


def judge_steps(
    steps: Sequence[tuple[Step, Sequence[Exchange]]], recording: Recording
) -> list[str]:
    """Returns how answers, and then what was told, differ from what steps expect."""
    answers = [
        difference
        for step, exchanges in steps
        for difference in _judge_step(step, exchanges, recording.cast)
    ]
    return answers + judge_events(steps, recording)


def judge_final(final: Mapping[str, Mapping[str, int]], recording: Recording) -> list[str]:
    """Returns how what wallets hold at the end differs from what is expected."""
    return [
        difference
        for name, expected in final.items()
        for difference in _judge_wallet(name, expected, recording.readings[name])
    ]


def _judge_setup(exchange: Exchange) -> list[str]:
    if exchange.reply.response is None:
        return [f"{exchange.path}: {exchange.reply}"]
    replayed = find_mismatches({REPLAYED: False}, exchange.reply.response, "")
    return [f"{exchange.path}: was there before"] if replayed else []


def _judge_step(step: Step, exchanges: Sequence[Exchange], cast_: Cast) -> list[str]:
    match step:
        case CallStep(call=call, expectation=expectation) if expectation is not None:
            return _judge_call(call, expectation, exchanges[0], cast_)
        case ParallelStep(any_order=False) | BatchStep():
            calls = zip(step.calls, step.expectations, exchanges, strict=True)
            return [each for parts in calls for each in _judge_call(*parts, cast_)]
        case ParallelStep():
            return _judge_any_order(step, exchanges, cast_)
        case _:
            return []


def _judge_any_order(step: ParallelStep, exchanges: Sequence[Exchange], cast_: Cast) -> list[str]:
    """Judges by the order in which the fewest differences are left."""
    attempts = [
        [
            each
            for call, expectation, exchange in zip(step.calls, order, exchanges, strict=True)
            for each in _judge_call(call, expectation, exchange, cast_)
        ]
        for order in permutations(step.expectations)
    ]
    return min(attempts, key=len)


def _judge_call(call: Call, expectation: Expectation, exchange: Exchange, cast_: Cast) -> list[str]:
    reply, path = exchange.reply, exchange.path
    if (reply.code, reply.reason) != (expectation.code, expectation.reason):
        expected = f"{expectation.code} {expectation.reason}".rstrip()
        return [f"{path}: expected {expected}, got {reply}"]
    if reply.response is None:
        return [
            *_judge_metadata(expectation.metadata, reply.metadata, cast_, f"{path}.metadata"),
            *_judge_details(expectation.details, reply, cast_, f"{path}.details"),
        ]
    method = methods()[call.method]
    response = dict(expectation.response)
    if method.is_named and REPLAYED in method.response.fields_by_name:
        response.setdefault(REPLAYED, False)
    pattern = write_out(method.response, response, cast_, currency_of(call, cast_))
    differences = find_mismatches(pattern, reply.response, f"{path}.response")
    if method.is_command:
        moved = net_changes(entries_of(reply.response))
        differences += _compare_accounts(expectation.moves, moved, f"{path}.moves")
    return differences


def _judge_details(expected: Mapping[str, Json], reply: Reply, cast_: Cast, path: str) -> list[str]:
    """Compares what a refusal says beside its reason, as far as anything is expected of it."""
    differences: list[str] = []
    for name, pattern in expected.items():
        actual = reply.details.get(name)
        message = detail_message(name)
        if actual is None or message is None:
            differences.append(f"{path}.{name}: expected, got {', '.join(reply.details) or 'none'}")
        else:
            written = write_out(message, pattern, cast_, "")
            differences += find_mismatches(written, actual, f"{path}.{name}")
    return differences


def _judge_metadata(
    expected: Mapping[str, str], actual: Mapping[str, str], cast_: Cast, path: str
) -> list[str]:
    """Compares what is expected, and whether the refusal is new."""
    keys = [*expected, *({REPLAYED} - expected.keys())]
    wanted = {key: cast_.resolve(expected[key]) if key in expected else None for key in keys}
    return [
        f"{path}.{key}: expected {wanted[key]!r}, got {actual.get(key)!r}"
        for key in keys
        if wanted[key] != actual.get(key)
    ]


def _judge_wallet(name: str, expected: Mapping[str, int], reading: WalletReading) -> list[str]:
    if reading.wallet is None:
        return [f"final.{name}: the wallet was never opened"]
    return _compare_accounts(expected, account_balances(reading.wallet), f"final.{name}")


def _compare_accounts(
    expected: Mapping[str, int], actual: Mapping[str, int], path: str
) -> list[str]:
    """Compares every account; one that is not mentioned is zero."""
    accounts = sorted(expected.keys() | actual.keys())
    return [
        f"{path}.{account}: expected {expected.get(account, 0)}, got {actual.get(account, 0)}"
        for account in accounts
        if expected.get(account, 0) != actual.get(account, 0)
    ]
