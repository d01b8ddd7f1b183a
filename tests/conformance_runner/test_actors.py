"""A scenario says who sends a call, and the server hears it."""

from copy import deepcopy
from typing import Any

import pytest

from tests.conformance_runner.files import scenario_of
from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.conformance.actors import metadata_of
from wallet_server.conformance.own_target import OwnTarget
from wallet_server.conformance.reading import parse_scenario
from wallet_server.conformance.runner import Verdict, run_scenario
from wallet_server.conformance.scenario import Actor, BatchStep, CallStep, Json, ParallelStep
from wallet_server.conformance.shorthand import Cast

REQUEST = {
    "call": "WalletCommands.RequestWithdrawal",
    "request": {"request_id": "w1", "withdrawal_id": "w1", "amount": 60},
    "expect": {"moves": {"bkt:withdrawable": -60, "hold:w1": 60}},
}
APPROVE = {
    "call": "WalletCommands.ApproveWithdrawal",
    "request": {"withdrawal_id": "w1"},
}
MIA = {"name": "mia", "roles": ["clerk", "manager"]}


def document(*steps: Json) -> dict[str, Any]:
    return deepcopy(
        {
            "id": "T1",
            "title": "A test",
            "topology": "ruby",
            "given": {"wallets": {"alice": {"currency": "EUR", "balances": {"withdrawable": 60}}}},
            "steps": [*steps],
            "final": {"alice": {"hold:w1": 60}},
        }
    )


def test_an_actor_is_written_with_roles_and_the_player_behind() -> None:
    cast = Cast("tenant", {"alice": WalletRef(player_id="run.alice")})

    assert metadata_of(None, cast) == ()
    assert metadata_of(Actor("mia"), cast) == (("x-actor", "mia"),)
    assert metadata_of(Actor("$player:alice", ("clerk", "manager"), "$player:alice"), cast) == (
        ("x-actor", "run.alice"),
        ("x-actor-roles", "clerk,manager"),
        ("x-actor-player", "run.alice"),
    )


def test_every_call_may_have_its_own_actor_and_a_batch_has_one() -> None:
    scenario = scenario_of(
        document(
            {**APPROVE, "actor": MIA},
            {"parallel": [{**APPROVE, "actor": {"name": "noa"}}, APPROVE]},
            {"batch": [APPROVE], "actor": MIA},
        )
    )

    call, parallel, batch = scenario.steps
    assert isinstance(call, CallStep)
    assert isinstance(parallel, ParallelStep)
    assert isinstance(batch, BatchStep)
    assert call.call.actor == batch.actor == Actor("mia", ["clerk", "manager"])
    assert [each.actor for each in parallel.calls] == [Actor("noa"), None]


@pytest.mark.parametrize(
    ("step", "path", "reason"),
    [
        ({**APPROVE, "actor": "mia"}, "steps[0].actor", "WRONG_TYPE"),
        ({**APPROVE, "actor": {}}, "steps[0].actor.name", "MISSING"),
        ({**APPROVE, "actor": {"name": "mia", "role": "x"}}, "steps[0].actor.role", "UNKNOWN_KEY"),
        ({**APPROVE, "actor": {"name": "mia", "roles": []}}, "steps[0].actor.roles", "EMPTY"),
        ({**APPROVE, "actor": {"name": "$player:bob"}}, "steps[0].actor", "WRONG_ACTOR"),
        (
            {**APPROVE, "actor": {"name": "mia", "player": "$nobody"}},
            "steps[0].actor",
            "WRONG_ACTOR",
        ),
        (
            {"batch": [{**APPROVE, "actor": MIA}]},
            "steps[0].batch[0].actor",
            "UNKNOWN_KEY",
        ),
        ({"advance": "1h", "actor": MIA}, "steps[0].actor", "UNKNOWN_KEY"),
    ],
)
def test_what_is_wrong_with_an_actor_is_said(step: Json, path: str, reason: str) -> None:
    _, problems = parse_scenario(document(step))

    assert (path, reason) in [(problem.path, problem.reason) for problem in problems]


@pytest.mark.parametrize(
    "approval",
    [
        {**APPROVE, "actor": MIA},
        {"batch": [APPROVE], "actor": MIA},
        {"parallel": [{**APPROVE, "actor": MIA}], "expect_any_order": [{}]},
    ],
)
async def test_the_server_hears_who_approves(approval: Json, target: OwnTarget) -> None:
    read = {
        "call": "WalletQueries.ListWithdrawals",
        "expect": {"response": {"withdrawals": [{"approvals": [{"actor": "mia"}]}]}},
    }

    result = await run_scenario(scenario_of(document(REQUEST, approval, read)), target)

    assert (result.verdict, result.details) == (Verdict.PASSED, [])


async def test_nobody_is_heard_where_nobody_is_named(target: OwnTarget) -> None:
    refused = {**APPROVE, "expect": {"code": "UNAUTHENTICATED", "reason": "ACTOR_REQUIRED"}}

    result = await run_scenario(scenario_of(document(REQUEST, refused)), target)

    assert (result.verdict, result.details) == (Verdict.PASSED, [])
