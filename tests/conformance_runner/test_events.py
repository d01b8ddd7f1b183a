"""What was told is judged: what steps expect of it, and what must always hold of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.conformance_runner.conftest import Play
from tests.conformance_runner.files import DIRECTORY, document_of, path_of, scenario_of
from wallet.v1.event_pb2 import Event
from wallet_server.conformance.invariants import find_violations
from wallet_server.conformance.judging import judge
from wallet_server.conformance.reading import parse_scenario
from wallet_server.conformance.recording import Recording

SETTLING = 1
"""The step of E37 that settles a bet, and has it count."""


def expecting(*events: dict[str, Any]) -> Any:
    """Returns E37 with other events expected of the settlement."""
    document = document_of(path_of("E37"))
    document["steps"][SETTLING]["expect"]["events"] = list(events)
    return document


async def test_other_types_than_expected_are_told(played: Play) -> None:
    recording = await played(path_of("E37"))
    path = f"steps[{SETTLING}].events"

    assert judge(scenario_of(expecting({"BET_SETTLED": {}})), recording) == [
        f"{path}: expected BET_SETTLED, got BET_SETTLED, BET_CONTRIBUTION"
    ]
    assert judge(
        scenario_of(expecting({"BET_CONTRIBUTION": {}}, {"BET_SETTLED": {}})), recording
    ) == [f"{path}: expected BET_CONTRIBUTION, BET_SETTLED, got BET_SETTLED, BET_CONTRIBUTION"]


async def test_what_events_tell_is_compared_as_far_as_it_is_named(played: Play) -> None:
    recording = await played(path_of("E37"))
    document = expecting({"BET_SETTLED": {"payout": 7}}, {"BET_CONTRIBUTION": {"revision": 2}})

    assert judge(scenario_of(document), recording) == [
        f"steps[{SETTLING}].events[0].payout: expected 7, got 0"
    ]


async def test_a_step_that_says_nothing_of_events_expects_none_in_particular(played: Play) -> None:
    recording = await played(path_of("E37"))
    document = document_of(path_of("E37"))
    del document["steps"][SETTLING]["expect"]["events"]

    assert judge(scenario_of(document), recording) == []


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([{"BET_LIKED": {}}], "UNKNOWN_TYPE"),
        ([{"BET_SETTLED": {}, "BET_CONTRIBUTION": {}}], "WRONG_EVENT"),
        ([{"BET_SETTLED": {"odds": 2}}], "WRONG_RESPONSE"),
        ([], "EMPTY"),
    ],
)
def test_what_no_event_can_be_is_no_scenario(events: list[dict[str, Any]], reason: str) -> None:
    _, problems = parse_scenario(expecting(*events), DIRECTORY)

    assert [problem.reason for problem in problems] == [reason]


def test_only_commands_tell_and_only_where_it_is_known_which() -> None:
    query = document_of(path_of("E37"))
    query["steps"][3]["expect"]["events"] = [{"BET_SETTLED": {}}]
    any_order = document_of(path_of("E69"))
    [step] = [each for each in any_order["steps"] if "expect_any_order" in each]
    step["expect_any_order"][0]["events"] = [{"BET_AUTHORIZED": {}}]

    for document in (query, any_order):
        _, problems = parse_scenario(document, DIRECTORY)
        assert [problem.reason for problem in problems] == ["OUT_OF_PLACE"]


def lose_an_event(events: list[Event]) -> None:
    events.pop(2)


def tell_twice(events: list[Event]) -> None:
    events.append(events[-1])


def swap_positions(events: list[Event]) -> None:
    events[1].position, events[2].position = events[2].position, events[1].position


def tell_of_no_command(events: list[Event]) -> None:
    [last] = [each for each in events if each.HasField("transfer_completed")]
    last.wallet_sequence -= 2


def tell_another_change(events: list[Event]) -> None:
    [settled] = [each.bet_settled for each in events if each.HasField("bet_settled")]
    settled.changes[0].change += 1


def tell_another_stake(events: list[Event]) -> None:
    [placed] = [each.bet_authorized for each in events if each.HasField("bet_authorized")]
    placed.funding[0].amount += 1


def count_more(events: list[Event]) -> None:
    [counted] = [each.bet_contribution for each in events if each.HasField("bet_contribution")]
    counted.requirements[0].counted_total += 1


@pytest.mark.parametrize(
    ("falsify", "invariant"),
    [
        (lose_an_event, "I47"),
        (tell_twice, "I47"),
        (swap_positions, "I47"),
        (tell_of_no_command, "I47"),
        (tell_another_change, "I47"),
        (tell_another_stake, "I47"),
        (count_more, "I28"),
    ],
)
async def test_what_is_told_wrongly_is_found(
    played: Play, falsify: Callable[[list[Event]], None], invariant: str
) -> None:
    recording = await played(path_of("E37"))
    assert find_violations(recording) == []

    violations = find_violations(falsified(recording, falsify))

    assert violations
    assert all(each.startswith(f"invariants.alice: {invariant}") for each in violations)


def falsified(recording: Recording, falsify: Callable[[list[Event]], None]) -> Recording:
    """Returns a recording in which something else was told."""
    reading = recording.readings["alice"]
    events: list[Event] = []
    for each in reading.events:
        copy = Event()
        copy.CopyFrom(each)
        events.append(copy)
    falsify(events)
    return replace(recording, readings={"alice": replace(reading, events=events)})
