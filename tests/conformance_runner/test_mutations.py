"""A scenario with something changed fails. `test_scenarios` changes all that each expects."""

import pytest

from tests.conformance_runner import mutations
from tests.conformance_runner.conftest import Play
from tests.conformance_runner.files import DIRECTORY, document_of, path_of, scenario_of
from wallet_server.conformance.judging import judge
from wallet_server.conformance.own_target import OwnTarget
from wallet_server.conformance.reading import parse_scenario
from wallet_server.conformance.runner import Verdict, run_scenario
from wallet_server.conformance.scenario import Json


def other_given_or_requested_number(path: mutations.Path, value: Json) -> Json:
    return value if mutations.is_expectation(path) else mutations.other_number(value)


@pytest.mark.parametrize(
    "scenario_id", ["E04", "E05", "E06", "E28", "E32", "E69", "B-partly-refunded"]
)
async def test_changing_one_number_of_what_is_given_or_sent_fails(
    scenario_id: str, target: OwnTarget
) -> None:
    document = document_of(path_of(scenario_id))

    for place, mutant in mutations.mutants(document, other_given_or_requested_number):
        scenario, problems = parse_scenario(mutant, DIRECTORY)
        if not problems:
            result = await run_scenario(scenario, target)
            assert result.verdict is Verdict.FAILED, place


async def test_an_account_that_is_left_out_must_not_have_moved(played: Play) -> None:
    document = document_of(path_of("E05"))
    recording = await played(path_of("E05"))
    del document["steps"][1]["expect"]["moves"]["H:GAME:SPORTS"]
    del document["final"]["alice"]["bkt:withdrawable"]

    assert judge(scenario_of(document), recording) == [
        "steps[1].moves.H:GAME:SPORTS: expected 0, got -1",
        "final.alice.bkt:withdrawable: expected 0, got 35",
    ]


async def test_a_list_must_be_as_long_as_it_is_written(played: Play) -> None:
    document = document_of(path_of("E05"))
    recording = await played(path_of("E05"))
    document["steps"][0]["expect"]["response"]["bet"]["funding_lines"].pop()

    assert judge(scenario_of(document), recording) == [
        "steps[0].response.bet.funding_lines: expected 2 elements, got 3"
    ]


async def test_a_success_where_a_refusal_is_expected_fails_and_the_other_way_round(
    played: Play,
) -> None:
    document = document_of(path_of("E50"))
    recording = await played(path_of("E50"))
    first, second, _ = document["steps"]
    first["expect"], second["expect"] = second["expect"], first["expect"]

    differences = judge(scenario_of(document), recording)

    assert differences[0] == "steps[0]: expected FAILED_PRECONDITION BUCKET_NOT_DEPOSITABLE, got OK"
    assert differences[1].startswith("steps[1]: expected OK, got FAILED_PRECONDITION")


async def test_an_answer_that_is_a_replay_must_be_expected_to_be_one(played: Play) -> None:
    document = document_of(path_of("E71"))
    recording = await played(path_of("E71"))
    del document["steps"][1]["expect"]["response"]["replayed"]

    assert judge(scenario_of(document), recording) == [
        "steps[1].response.replayed: expected False, got True"
    ]
