"""A step that is repeated is as many steps, each with its number."""

from copy import deepcopy
from typing import Any

import pytest

from tests.conformance_runner.files import scenario_of
from wallet_server.conformance.judging import judge
from wallet_server.conformance.own_target import OwnTarget
from wallet_server.conformance.playing import play
from wallet_server.conformance.reading import parse_scenario
from wallet_server.conformance.scenario import CallStep, Json

STEP = {
    "call": "WalletCommands.GrantCoupon",
    "repeat": 3,
    "request": {
        "grant_id": "c$n",
        "amount": 5,
        "valid_until_time": "+7d",
        "terms": {"profit_target": "sports_normal", "restrictions": {"sports": ["s$n"]}},
    },
    "expect": {"moves": {"cpn:c$n": 5, "H:PROMO": -5}},
}


def document(**fields: Json) -> dict[str, Any]:
    return deepcopy(
        {
            "id": "T1",
            "title": "A test",
            "topology": "ruby",
            "given": {"wallets": {"alice": {"currency": "EUR"}}},
            "steps": [{**STEP, **fields}],
            "final": {"alice": {"cpn:c1": 5, "cpn:c2": 5, "cpn:c3": 5}},
        }
    )


def test_each_repetition_has_its_number_in_all_that_it_says() -> None:
    steps = scenario_of(document()).steps

    calls = [step.call for step in steps if isinstance(step, CallStep)]
    assert [call.path for call in calls] == ["steps[0]#1", "steps[0]#2", "steps[0]#3"]
    assert [call.request["grant_id"] for call in calls] == ["c1", "c2", "c3"]
    assert calls[2].request["terms"] == {
        "profit_target": "sports_normal",
        "restrictions": {"sports": ["s3"]},
    }
    assert isinstance(steps[1], CallStep)
    assert steps[1].expectation is not None
    assert steps[1].expectation.moves == {"cpn:c2": 5, "H:PROMO": -5}


async def test_each_repetition_is_played_and_judged(target: OwnTarget) -> None:
    told = document()
    recording = await play(scenario_of(told), target)
    wrong = document(expect={"moves": {"cpn:c2": 5, "H:PROMO": -5}})

    assert judge(scenario_of(told), recording) == []
    assert {each.split(".")[0] for each in judge(scenario_of(wrong), recording)} == {
        "steps[0]#1",
        "steps[0]#3",
    }


@pytest.mark.parametrize(
    ("step", "path", "reason"),
    [
        ({**STEP, "repeat": 0}, "steps[0].repeat", "OUT_OF_RANGE"),
        ({**STEP, "repeat": 501}, "steps[0].repeat", "OUT_OF_RANGE"),
        ({**STEP, "repeat": "3"}, "steps[0].repeat", "WRONG_TYPE"),
        ({"advance": "1h", "repeat": 3}, "steps[0].repeat", "OUT_OF_PLACE"),
        ({**STEP, "grant": 1, "repeat": 1}, "steps[0]#1.grant", "UNKNOWN_KEY"),
    ],
)
def test_what_is_wrong_with_a_repetition_is_said(step: Json, path: str, reason: str) -> None:
    _, problems = parse_scenario(document() | {"steps": [step]})

    assert (path, reason) in [(problem.path, problem.reason) for problem in problems]
