"""Plays a scenario: sets up what is given, takes the steps, reads what came of it."""

import asyncio
from collections.abc import Sequence

from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.conformance.actors import metadata_of
from wallet_server.conformance.calling import Caller
from wallet_server.conformance.given import set_up
from wallet_server.conformance.keeping import with_kept
from wallet_server.conformance.observing import read_wallets
from wallet_server.conformance.recording import Exchange, Recording
from wallet_server.conformance.requests import build_request
from wallet_server.conformance.scenario import (
    AdvanceStep,
    ApplyStep,
    BatchStep,
    Call,
    CallStep,
    ParallelStep,
    Scenario,
    Step,
)
from wallet_server.conformance.shorthand import Cast
from wallet_server.conformance.target import Target


async def play(scenario: Scenario, target: Target) -> Recording:
    """Plays a scenario from the start to the end, whatever is answered on the way."""
    tenant_id = await target.prepare(scenario)
    cast_ = choose_cast(scenario, target, tenant_id)
    setup = await set_up(scenario, cast_, target.caller)
    steps: list[Sequence[Exchange]] = []
    for step in scenario.steps:
        exchanges = await _take(step, cast_, target)
        steps.append(exchanges)
        cast_ = with_kept(cast_, step, exchanges)
    exchanges = [*setup, *(each for step in steps for each in step)]
    readings = await read_wallets(cast_, exchanges, target.caller)
    audit = await target.audit(tenant_id)
    time_went_by = any(isinstance(step, AdvanceStep) for step in scenario.steps)
    return Recording(cast_, setup, steps, readings, audit, time_went_by)


def choose_cast(scenario: Scenario, target: Target, tenant_id: str) -> Cast:
    """Returns who the scenario's names stand for in this run."""
    refs = {
        name: WalletRef(
            tenant_id=tenant_id,
            player_id=target.player_id(wallet.player),
            currency_code=wallet.currency,
        )
        for name, wallet in scenario.wallets.items()
    }
    return Cast(tenant_id, refs, target.now())


async def _take(step: Step, cast_: Cast, target: Target) -> Sequence[Exchange]:
    match step:
        case CallStep(call=call):
            return [await _exchange(call, call.path, cast_, target.caller)]
        case ParallelStep(calls=calls):
            return await asyncio.gather(
                *(_exchange(call, call.path, cast_, target.caller) for call in calls)
            )
        case BatchStep():
            return await _exchange_together(step, cast_, target.caller)
        case AdvanceStep(duration=duration):
            await target.advance(duration)
        case ApplyStep(documents=documents):
            await target.apply(cast_.tenant_id, documents)
    return []


async def _exchange(call: Call, path: str, cast_: Cast, caller: Caller) -> Exchange:
    request = build_request(call, cast_)
    reply = await caller.call(call.method, request, metadata_of(call.actor, cast_))
    return Exchange(path, call.method, request, reply)


async def _exchange_together(step: BatchStep, cast_: Cast, caller: Caller) -> Sequence[Exchange]:
    requests = [build_request(call, cast_) for call in step.calls]
    replies = await caller.call_together(requests, metadata_of(step.actor, cast_))
    return [
        Exchange(call.path, call.method, request, reply)
        for call, request, reply in zip(step.calls, requests, replies, strict=True)
    ]
