"""What may become of a bet, and what never changes in it."""

from dataclasses import replace

import pytest

from tests.core.audit.stories import placed, settled
from wallet_server.core.audit.bet_history_audit import (
    STATES_BY_COMMAND,
    find_changes,
    find_fixed_changes,
    find_history_problems,
    is_placed,
)
from wallet_server.core.bets.bet import UNVERIFIED, Bet, BetState
from wallet_server.core.bets.context import BetContext
from wallet_server.core.ids import BetKey


def test_nothing_becomes_of_a_bet_but_what_its_commands_do() -> None:
    world = settled()
    commands = {command for _, command in STATES_BY_COMMAND}
    for before in (None, *BetState):
        for command in (*commands, "CloseRound"):
            for after in BetState:
                allowed = STATES_BY_COMMAND.get((before, command), frozenset())
                earlier = None if before is None else replace(placed(), state=before)
                later = replace(placed(), state=after, revision=2)
                said = replace(world.answers[0], command=command)
                was = "unknown" if before is None else before.value
                message = f"{command} made it {after.value}; it was {was}"

                found = list(find_history_problems(earlier, later, said))

                assert (message in found) is (after not in allowed)


def test_a_bet_that_is_placed_or_not_has_the_number_of_its_answer() -> None:
    said = settled().answers[0]
    bet = replace(placed(), sequence=7)
    declined = replace(bet, state=BetState.DECLINED)

    assert list(find_history_problems(None, bet, said)) == ["recorded as #7"]
    assert list(find_history_problems(declined, bet, said)) == ["recorded as #7"]
    assert list(find_history_problems(declined, declined, said)) == ["recorded as #7"]
    assert list(find_history_problems(None, replace(bet, sequence=2), said)) == []
    rolled_back = replace(said, command="RollbackTransaction")
    tombstone = replace(bet, state=BetState.TOMBSTONED)
    assert list(find_history_problems(None, tombstone, rolled_back)) == ["recorded as #7"]


def test_a_declined_bet_that_was_rolled_back_is_never_placed() -> None:
    said = settled().answers[0]
    final = replace(placed(), state=BetState.DECLINED, revision=2)

    found = list(find_history_problems(final, replace(placed(), sequence=2), said))

    assert found == ["AuthorizeBet changed it though it was rolled back"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", BetKey("sports", "b2")),
        ("sequence", 3),
        ("round_ref", "R1"),
        ("selected_source", "X"),
        ("stake", 61),
        ("lines", ()),
        ("snapshot", None),
        ("coupon_grant_id", "C1"),
        ("free_round", True),
        ("context", BetContext(game_id="g")),
    ],
)
def test_most_of_a_placed_bet_never_changes(field: str, value: object) -> None:
    before = placed()
    after = replace(before, revision=2, **{field: value})

    assert list(find_changes(before, after)) == [f"its {field} changed"]
    assert list(find_fixed_changes(before, after)) == [f"its {field} changed"]


def test_a_change_counts_up_the_revision_by_one() -> None:
    before = replace(placed(), revision=3)

    def after(revision: int) -> Bet:
        return replace(before, revision=revision)

    assert list(find_changes(before, after(4))) == []
    for revision in (2, 3, 5):
        message = f"revision {revision} follows 3"
        assert list(find_changes(before, after(revision))) == [message]
    assert list(find_fixed_changes(before, after(2))) == ["revision 2 follows 3"]
    assert list(find_fixed_changes(before, after(3))) == []
    assert list(find_fixed_changes(before, after(5))) == []


def test_only_the_result_of_a_portion_changes_and_only_by_a_newer_version() -> None:
    world = settled()
    lost, won = world.answers[1].bet, world.answers[2].bet
    assert lost is not None
    assert won is not None
    (first,), (second,) = lost.portions, won.portions

    def after(**named: object) -> Bet:
        return replace(won, portions=(replace(second, **named),))

    assert list(find_changes(lost, won)) == []
    older = after(result_version=0)
    assert list(find_changes(lost, older)) == ["portion '' went back to an older version"]
    same = after(result_version=first.result_version)
    assert list(find_changes(lost, same)) == ["portion '' changed without a new version"]
    shares = ["the shares of portion '' changed"]
    assert list(find_changes(lost, after(stake_shares=(59,)))) == shares
    unchanged = replace(lost, revision=lost.revision + 1)
    assert list(find_changes(lost, unchanged)) == []
    gone = replace(unchanged, portions=(), unsettled_versions={"": 1})
    assert list(find_changes(lost, gone)) == []
    forgotten = replace(gone, unsettled_versions={})
    assert list(find_changes(lost, forgotten)) == ["portion '' went back to an older version"]


def test_an_ordering_changes_only_with_a_version() -> None:
    world = settled()
    lost, won = world.answers[1].bet, world.answers[2].bet
    assert lost is not None
    assert won is not None
    changed = ["the ordering of portion '' changed without a new version"]

    unverified = replace(won, orderings={"": UNVERIFIED})
    assert list(find_changes(lost, unverified)) == []
    same = replace(lost, revision=lost.revision + 1)
    assert list(find_changes(lost, replace(same, orderings={"": UNVERIFIED}))) == changed
    assert list(find_changes(replace(lost, orderings={"": UNVERIFIED}), same)) == changed
    assert list(find_changes(replace(lost, orderings={"": UNVERIFIED}), won)) == []


def test_all_portions_are_looked_at() -> None:
    world = settled()
    before = world.bet()
    (first,) = before.portions
    both = replace(before, portions=(first, replace(first, portion_ref="b")))
    after = replace(both, revision=both.revision + 1, portions=(first,))

    assert list(find_changes(both, after)) == ["portion 'b' went back to an older version"]


def test_only_declined_bets_and_tombstones_are_not_placed() -> None:
    states = {state for state in BetState if not is_placed(replace(placed(), state=state))}

    assert states == {BetState.DECLINED, BetState.TOMBSTONED}


@pytest.mark.parametrize("command", ["UnsettleBet", "RollbackTransaction"])
def test_a_bet_that_is_open_again_follows_its_buckets(command: str) -> None:
    before = replace(settled().bet(), replanned={"SN": "CN"})
    opened = replace(before, revision=before.revision + 1, state=BetState.PARTIALLY_SETTLED)
    answer = replace(settled().answers[0], command=command)

    followed = replace(opened, replanned={"SN": "WD", "SB": "CB"})
    assert list(find_history_problems(before, followed, answer)) == []
    forgot = replace(opened, replanned={"SB": "CB"})
    assert list(find_history_problems(before, forgot, answer)) == ["its plan changed"]
    over = replace(followed, state=BetState.ROLLED_BACK)
    problems = list(find_history_problems(before, over, answer))
    assert "its plan changed" in problems


def test_only_two_persons_change_the_plan_of_a_bet() -> None:
    world = settled()
    before = replace(placed(), state=BetState.PARTIALLY_SETTLED)
    after = replace(before, revision=before.revision + 1, replanned={"SB": "SN"})
    by_persons = replace(world.answers[0], command="ReplanAuthorization")
    by_result = replace(world.answers[0], command="SettleBet")

    assert list(find_history_problems(before, after, by_persons)) == []
    assert list(find_history_problems(before, after, by_result)) == ["its plan changed"]
    again = replace(after, revision=after.revision + 1)
    assert list(find_history_problems(after, again, by_result)) == []
