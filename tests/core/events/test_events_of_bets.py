"""What is told of a bet: every field of it, whatever became of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.rpc.filled import START, filled
from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.bets.bet import UNVERIFIED, Bet, BetState, FundingLine, Portion
from wallet_server.core.config.policy import Destinations
from wallet_server.core.config.snapshot import Snapshot
from wallet_server.core.events.bet_payloads import (
    BetAuthorized,
    BetContribution,
    BetDeclined,
    BetReplanned,
    BetRolledBack,
    BetSettled,
    BetTombstoned,
    BetUnsettled,
    CountedTotal,
    SourceAmount,
)
from wallet_server.core.events.of_bets import bet_events, changes_for
from wallet_server.core.events.unsaid import UNSAID
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import BetNotFound
from wallet_server.core.rolling.requirement import Contribution

KEY = BetKey("acme", "b1")
NAME = ("acme", "b1")
SNAPSHOT: Snapshot = filled(Snapshot, 1, {})
TYPE, WEIGHT = SNAPSHOT.provider_type, SNAPSHOT.rolling.weight_bp
LINES = tuple(FundingLine(code, n, Destinations("x", "x")) for code, n in (("a", 60), ("b", 40)))
CHANGES = (AccountChange(Account("bkt:a"), 9, 9), AccountChange(Account("H:GAME:X"), -9, None))
OPEN = Bet(KEY, BetState.AUTHORIZED, 5, START, 1, "r7", "CASH", 100, LINES, SNAPSHOT)
WON = Portion("", (60, 40), 3, 250, 20)
FIRST, SECOND = Portion("p1", (30, 20), 1, 80, 10), Portion("p2", (30, 20), 2, 0, 0)
GROUPS: Mapping[str, str] = {"RQ1": "sports", "RQ2": "casino"}
AUTHORIZED = BetAuthorized(
    *(*NAME, TYPE, 1, 100, (SourceAmount("a", 60), SourceAmount("b", 40))),
    *(SNAPSHOT.topology_version, SNAPSHOT.policy_version, "r7", "CASH", False),
)


def told(before: Bet | None, after: Bet) -> list[Any]:
    """Returns what is told of a bet, each by its type and payload."""
    return list(bet_events(before, after, CHANGES, GROUPS.__getitem__))


def settled(*portions: Portion, state: BetState = BetState.SETTLED) -> Bet:
    return replace(OPEN, state=state, portions=portions, revision=4)


def test_a_bet_that_is_placed_says_who_paid_and_by_which_rules() -> None:
    assert told(None, OPEN) == [("BET_AUTHORIZED", AUTHORIZED)]
    free = replace(OPEN, free_round=True, stake=0, lines=())
    assert told(None, free) == [
        ("BET_AUTHORIZED", replace(AUTHORIZED, free_round=True, stake=0, funding=()))
    ]


def test_a_bet_that_is_placed_and_settled_at_once_is_told_as_both() -> None:
    first, second = told(None, settled(WON))

    assert first == ("BET_AUTHORIZED", AUTHORIZED)
    assert second[0] == "BET_SETTLED"


def test_a_bet_that_was_not_placed_says_why() -> None:
    refusal = BetNotFound("b1")
    declined = Bet(KEY, BetState.DECLINED, 5, START, 2, stake=100, refusal=refusal)
    tombstone = Bet(KEY, BetState.TOMBSTONED, 5, START, 2)

    assert told(None, declined) == [("BET_DECLINED", BetDeclined(*NAME, 2, 100, "BET_NOT_FOUND"))]
    assert told(None, tombstone) == [("BET_TOMBSTONED", BetTombstoned(*NAME, 2))]
    assert told(tombstone, tombstone) == []


def test_a_bet_that_is_placed_in_another_ones_stead_is_told_as_new() -> None:
    declined = Bet(KEY, BetState.DECLINED, 4, START, 1, stake=100)

    assert told(declined, OPEN) == [("BET_AUTHORIZED", AUTHORIZED)]


@pytest.mark.parametrize(
    ("portion", "kind"),
    [
        (WON, "WON"),
        (replace(WON, payout=0), "LOST"),
        (replace(WON, payout=0, refund=100), "VOID"),
        (replace(WON, is_cash_out=True), "CASHED_OUT"),
    ],
)
def test_a_result_is_told_with_all_that_it_came_to(portion: Portion, kind: str) -> None:
    payout, refund = portion.payout, portion.refund

    assert told(OPEN, settled(portion)) == [
        (
            "BET_SETTLED",
            BetSettled(
                *(*NAME, TYPE, 4, "SETTLED", kind, "", 3, kind, 100, payout, refund, 0, 0),
                CHANGES,
            ),
        )
    ]


def test_a_result_of_a_part_does_not_say_how_the_bet_ended() -> None:
    assert told(OPEN, settled(FIRST, state=BetState.PARTIALLY_SETTLED)) == [
        (
            "BET_SETTLED",
            BetSettled(
                *(*NAME, TYPE, 4, "PARTIALLY_SETTLED", "", "p1", 1, "WON", 50, 80, 10, 0, 0),
                CHANGES,
            ),
        )
    ]


def test_a_result_that_is_replaced_says_what_was_before_and_others_say_nothing() -> None:
    better = replace(FIRST, result_version=5, payout=90, refund=0)

    (only,) = told(settled(FIRST, SECOND), settled(better, SECOND))

    assert only == (
        "BET_SETTLED",
        BetSettled(
            *(*NAME, TYPE, 4, "SETTLED", "MIXED", "p1", 5, "WON", 50, 90, 0, 80, 10), CHANGES
        ),
    )


def test_of_several_results_the_first_has_the_changes() -> None:
    first, second = told(OPEN, settled(FIRST, SECOND))

    assert (first[1].portion_ref, first[1].changes) == ("p1", CHANGES)
    assert (second[1].portion_ref, second[1].changes) == ("p2", ())
    assert (second[1].result_kind, second[1].bet_result_kind) == ("LOST", "MIXED")


def test_results_that_were_taken_back_are_told_before_those_that_came() -> None:
    later = Portion("p3", (60, 40), 9, 10, 0)
    after = replace(settled(later), unsettled_versions={"p1": 7, "p2": 8})

    first, second, third = told(settled(FIRST, SECOND), after)

    unsettled = BetUnsettled(*NAME, TYPE, 4, "SETTLED", "p1", 7, 80, 10, CHANGES)
    assert first == ("BET_UNSETTLED", unsettled)
    assert second == (
        "BET_UNSETTLED",
        BetUnsettled(*NAME, TYPE, 4, "SETTLED", "p2", 8, 0, 0, ()),
    )
    assert (third[0], third[1].portion_ref, third[1].changes) == ("BET_SETTLED", "p3", ())


def test_a_result_whose_order_nobody_vouches_for_says_so() -> None:
    later = replace(FIRST, result_version=5)
    after = replace(
        settled(later, SECOND), orderings={"p1": UNVERIFIED}, unsettled_versions={"p3": 8}
    )

    ((_, result),) = told(settled(FIRST, SECOND), after)
    ((_, verified),) = told(settled(FIRST, SECOND), replace(after, orderings={"p2": UNVERIFIED}))

    assert (result.portion_ref, result.ordering) == ("p1", "UNVERIFIED")
    assert (verified.portion_ref, verified.ordering) == ("p1", UNSAID)


def test_a_result_that_is_taken_back_says_so_of_what_took_it_back() -> None:
    after = replace(settled(SECOND), unsettled_versions={"p1": 7}, orderings={"p1": UNVERIFIED})

    ((_, taken_back),) = told(settled(FIRST, SECOND), after)
    ((_, verified),) = told(settled(FIRST, SECOND), replace(after, orderings={}))

    assert (taken_back.result_version, taken_back.ordering) == (7, "UNVERIFIED")
    assert verified.ordering is UNSAID


def test_a_bet_that_is_rolled_back_is_told_with_what_it_was() -> None:
    undone = replace(OPEN, state=BetState.ROLLED_BACK, revision=6)
    unknown = replace(undone, snapshot=None, refusal=BetNotFound("b1"))

    expected = BetRolledBack(*NAME, TYPE, 6, 100, CHANGES)
    assert told(OPEN, undone) == [("BET_ROLLED_BACK", expected)]
    assert told(undone, replace(undone, revision=7)) == []
    assert told(replace(unknown, state=BetState.DECLINED), unknown) == [
        ("BET_ROLLED_BACK", replace(expected, provider_type=""))
    ]


def test_where_a_bets_money_goes_now_is_told_when_it_changes() -> None:
    replanned = replace(OPEN, replanned={"a": "c"}, revision=2)
    told_so = ("BET_REPLANNED", BetReplanned(*NAME, TYPE, 2, {"a": "c"}))

    assert told(OPEN, replanned) == [told_so]
    assert told(replanned, replace(replanned, revision=3)) == []
    assert told(replanned, replace(replanned, replanned={"a": "d"}))[0][1].replanned == {"a": "d"}


def test_what_a_bet_counts_is_added_up_by_requirement_and_source() -> None:
    counted = (
        *(Contribution(0, "RQ1", 30), Contribution(1, "RQ1", 5), Contribution(0, "RQ2", 7)),
        Contribution(0, "RQ1", 2),
    )
    before = replace(OPEN, contributions=counted[:1])
    after = replace(OPEN, contributions=counted, revision=3)

    expected = BetContribution(
        *(*NAME, 3, TYPE, SNAPSHOT.topology_version, SNAPSHOT.policy_version),
        (
            CountedTotal("RQ1", "a", 32, WEIGHT, "sports"),
            CountedTotal("RQ1", "b", 5, WEIGHT, "sports"),
            CountedTotal("RQ2", "a", 7, WEIGHT, "casino"),
        ),
    )
    assert told(before, after) == [("BET_CONTRIBUTION", expected)]
    assert told(after, replace(after, revision=4)) == []
    assert told(None, after) == [
        ("BET_AUTHORIZED", AUTHORIZED),
        ("BET_CONTRIBUTION", expected),
    ]


def test_only_entries_of_the_bet_itself_are_its_changes() -> None:
    def entry(provider_id: str, bet_ref: str, *changes: AccountChange) -> PostedEntry:
        return PostedEntry(5, 0, "EUR", changes, START, "r", "C", provider_id, bet_ref)

    entries = (
        *(entry(*NAME, CHANGES[0]), entry("acme", "b2", CHANGES[1])),
        *(entry("other", "b1", CHANGES[1]), entry(*NAME, CHANGES[1])),
    )
    answer = Answer("r", 5, "C", b"", START, None, None, None, entries)

    assert changes_for(KEY, answer) == [CHANGES[0], CHANGES[1]]
