"""What is told of rolling requirements, from each state to each that follows."""

from dataclasses import replace

import pytest

from tests.rpc.filled import START, filled
from wallet_server.core.decision import Effects
from wallet_server.core.events.item_payloads import RequirementChanged, RollingSplit
from wallet_server.core.events.of_rolling import requirement_events
from wallet_server.core.ids import WalletRef
from wallet_server.core.rolling.requirement import Requirement, RequirementState, RollingTerms
from wallet_server.core.wallet import Wallet

STATES = RequirementState
PLAIN: Requirement = replace(
    filled(Requirement, 1, {}),
    state=STATES.ACTIVE,
    parent_id="",
    required=500,
    progress=0,
    released=10,
    forfeited=20,
)


def told(
    before: Requirement | None, after: Requirement, *others: Requirement, known: Requirement = PLAIN
) -> list[object]:
    """Returns what is told of a requirement, beside others that the command has changed."""
    wallet = Wallet(WalletRef("t", "p", "EUR"), 1, START, START, items={known.key: known})
    return list(requirement_events(before, after, Effects(items=(after, *others)), wallet))


def changed(
    now: Requirement, before: str = "ACTIVE", released: int = 0, forfeited: int = 0
) -> RequirementChanged:
    """Returns what is told of one that asked for as much as the plain one."""
    return RequirementChanged(now, before, released, forfeited, PLAIN.required)


@pytest.mark.parametrize(
    ("before", "state", "event_type"),
    [
        (STATES.PENDING, STATES.ACTIVE, "ROLLING_CHANGED"),
        (STATES.ACTIVE, STATES.PENDING, "ROLLING_CHANGED"),
        (STATES.ACTIVE, STATES.FULFILLED, "ROLLING_FULFILLED"),
        (STATES.FULFILLED, STATES.ACTIVE, "ROLLING_REOPENED"),
        (STATES.ACTIVE, STATES.SUSPENDED, "ROLLING_SUSPENDED"),
        (STATES.SUSPENDED, STATES.ACTIVE, "ROLLING_RESUMED"),
        (STATES.FULFILLED, STATES.RELEASED, "ROLLING_RELEASED"),
        (STATES.ACTIVE, STATES.CANCELLED, "ROLLING_ENDED"),
        (STATES.ACTIVE, STATES.EXPIRED, "ROLLING_ENDED"),
        (STATES.ACTIVE, STATES.TRANSFERRED, "ROLLING_ENDED"),
    ],
)
def test_a_requirement_is_told_by_where_it_is_now_and_was(
    before: RequirementState, state: RequirementState, event_type: str
) -> None:
    now = replace(PLAIN, state=state, released=13, forfeited=25)

    assert told(replace(PLAIN, state=before), now) == [
        (event_type, changed(now, before.value, released=3, forfeited=5))
    ]


@pytest.mark.parametrize("state", [STATES.PENDING, STATES.ACTIVE])
def test_a_new_requirement_is_told_as_opened(state: RequirementState) -> None:
    opened = replace(PLAIN, state=state)

    assert told(None, opened) == [("ROLLING_OPENED", RequirementChanged(opened))]


def test_a_new_requirement_that_is_over_already_is_told_as_both() -> None:
    done = replace(PLAIN, state=STATES.FULFILLED)

    assert told(None, done) == [
        ("ROLLING_OPENED", RequirementChanged(done)),
        ("ROLLING_FULFILLED", RequirementChanged(done, "ACTIVE", 10, 20, 0)),
    ]


def test_what_bets_brought_back_after_the_end_is_told() -> None:
    over = replace(PLAIN, state=STATES.RELEASED)
    passed_on, kept = replace(over, released=17), replace(over, forfeited=26)

    assert told(over, passed_on) == [("ROLLING_PASSED_ON", changed(passed_on, "RELEASED", 7, 0))]
    assert told(over, kept) == [("ROLLING_PASSED_ON", changed(kept, "RELEASED", 0, 6))]


def test_what_is_missing_after_the_release_is_told_whenever_it_changes() -> None:
    over = replace(PLAIN, state=STATES.RELEASED, progress=500)
    short, less_short = replace(over, progress=200), replace(over, progress=350)

    for before, after in ((over, short), (short, less_short), (less_short, over)):
        assert told(before, after) == [
            ("ROLLING_SHORTFALL_AFTER_RELEASE", changed(after, "RELEASED"))
        ]


def test_what_is_missing_is_told_beside_what_was_passed_on() -> None:
    over = replace(PLAIN, state=STATES.RELEASED, progress=500)
    short = replace(over, progress=200, released=17)

    assert told(over, short) == [
        ("ROLLING_PASSED_ON", changed(short, "RELEASED", 7, 0)),
        ("ROLLING_SHORTFALL_AFTER_RELEASE", changed(short, "RELEASED", 7, 0)),
    ]


@pytest.mark.parametrize(
    "state", [each for each in STATES if each not in {STATES.RELEASED, STATES.PENDING}]
)
def test_what_is_missing_of_one_that_released_nothing_is_not_told(state: RequirementState) -> None:
    known = replace(PLAIN, state=state, progress=500)

    assert told(known, replace(known, progress=200)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"required": 400},
        {"bucket": "elsewhere"},
        {"terms": filled(RollingTerms, 700, {})},
        {"amount": 9_999},
    ],
    ids=["required", "bucket", "terms", "amount"],
)
def test_a_requirement_that_asks_otherwise_is_told(changes: dict[str, object]) -> None:
    other = replace(PLAIN, **changes)

    assert told(PLAIN, other) == [("ROLLING_CHANGED", changed(other))]


def test_progress_alone_is_not_told() -> None:
    assert told(PLAIN, replace(PLAIN, progress=100, revision=99)) == []


def test_a_split_tells_of_both_and_the_parent_is_not_told_once_more() -> None:
    parent = replace(PLAIN, required=350)
    child = replace(PLAIN, requirement_id="child", parent_id=PLAIN.requirement_id, required=150)

    assert told(None, child, parent) == [("ROLLING_SPLIT", RollingSplit(parent, child, 150))]
    assert told(PLAIN, parent, child) == []
    assert told(PLAIN, replace(parent, state=STATES.TRANSFERRED), child) == [
        ("ROLLING_ENDED", changed(replace(parent, state=STATES.TRANSFERRED)))
    ]


def test_a_split_from_a_parent_that_stays_as_it_was_moves_nothing() -> None:
    child = replace(PLAIN, requirement_id="child", parent_id=PLAIN.requirement_id)

    assert told(None, child) == [("ROLLING_SPLIT", RollingSplit(PLAIN, child, 0))]


def test_a_child_that_was_there_or_anothers_says_nothing_of_its_parent() -> None:
    parent = replace(PLAIN, required=350)
    known = replace(PLAIN, requirement_id="child", parent_id=PLAIN.requirement_id)
    stranger = replace(known, requirement_id="stranger", parent_id="somebody else's")

    assert told(PLAIN, parent, known, known=known) == [("ROLLING_CHANGED", changed(parent))]
    assert told(PLAIN, parent, stranger) == [("ROLLING_CHANGED", changed(parent))]
