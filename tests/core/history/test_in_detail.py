"""Chapters, changes and explanations, one value after the other."""

from dataclasses import replace

import pytest

from tests.rpc.filled import START
from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, PostedEntry
from wallet_server.core.history.balance_change import About, BalanceChange, balance_change
from wallet_server.core.history.causes import BalanceCause, EntryKind
from wallet_server.core.history.chapter import BEFORE_ALL, Chapter, last_full, next_chapter
from wallet_server.core.history.explanation import (
    BalanceExplanation,
    BalancePart,
    explain_balance,
)
from wallet_server.core.history.sums import Holding, Sum, SumKey, add_holdings, sums_of
from wallet_server.core.ids import BetKey
from wallet_server.core.results import DepositResult, DrainResult, RollingResult

CASH, BONUS = Account("bkt:cash"), Account("bkt:bonus")
GAME, PROMO = Account("H:GAME:SPORTS"), Account("H:PROMO")
BET_LOST = EntryKind("SettleBet", True, -1, 1)
TRANSFER = EntryKind("TransferFunds", False, 0, 0)
DEPOSIT = EntryKind("ApproveDeposit", False, 0, -1)
PROMOTION = EntryKind("CreditPromotion", False, 0, -1)
UNKNOWN = EntryKind("Whatever", False, 0, 0)


def entry(*changes: AccountChange, asset_code: str = "EUR") -> PostedEntry:
    return PostedEntry(
        *(7, 2, asset_code, changes, START, "r1", "SettleBet"),
        *("acme", "b1", "flow"),
    )


# --- Chapters


def test_a_chapter_goes_on_from_the_last_with_what_came_since() -> None:
    sums = {
        SumKey(CASH, "EUR", DEPOSIT): Sum(100, 0, 1),
        SumKey(BONUS, "EUR", DEPOSIT): Sum(0, 30, 2),
    }
    before = Chapter(1_000, {}, {CASH: Holding("EUR", 5), BONUS: Holding("EUR", 30)})

    after = next_chapter(before, sums)

    assert after == Chapter(1_500, sums, {CASH: Holding("EUR", 105)})
    assert next_chapter(BEFORE_ALL, {}) == Chapter(500, {}, {})


@pytest.mark.parametrize(
    ("sequence", "last"), [(0, 0), (1, 0), (499, 0), (500, 500), (501, 500), (1_499, 1_000)]
)
def test_the_last_full_chapter_ends_with_a_multiple(sequence: int, last: int) -> None:
    assert last_full(sequence) == last


def test_an_account_that_was_empty_has_the_asset_of_what_comes() -> None:
    sums = {SumKey(CASH, "PTS", DEPOSIT): Sum(8, 3, 2)}

    assert add_holdings({}, sums) == {CASH: Holding("PTS", 5)}
    assert add_holdings({BONUS: Holding("EUR", 1)}, sums) == {
        BONUS: Holding("EUR", 1),
        CASH: Holding("PTS", 5),
    }
    assert add_holdings({CASH: Holding("PTS", -5)}, sums) == {}


def test_what_entries_came_to_is_apart_by_asset_and_only_of_the_player() -> None:
    euros = entry(AccountChange(CASH, 10, 10), AccountChange(GAME, -10, None))
    points = entry(AccountChange(CASH, -4, 6), AccountChange(PROMO, 4, None), asset_code="PTS")

    kind_of_euros = EntryKind("SettleBet", True, 0, -1)
    kind_of_points = EntryKind("SettleBet", True, 0, 1)
    assert sums_of([euros, points, euros]) == {
        SumKey(CASH, "EUR", kind_of_euros): Sum(20, 0, 2),
        SumKey(CASH, "PTS", kind_of_points): Sum(0, 4, 1),
    }


# --- Changes


def test_a_change_says_all_that_its_entry_does() -> None:
    of = entry(
        AccountChange(CASH, 10, 25),
        AccountChange(BONUS, 5, 5),
        AccountChange(GAME, -14, None),
        AccountChange(PROMO, -1, None),
    )

    change = balance_change(CASH, of)

    assert change == BalanceChange(
        sequence=7,
        ordinal=2,
        entry_time=START,
        change=10,
        balance_after=25,
        cause=BalanceCause.CORRECTION,
        command="SettleBet",
        request_id="r1",
        counterparts=(GAME, PROMO),
        provider_id="acme",
        bet_ref="b1",
        subjects={},
    )


def test_what_took_from_an_account_gave_to_its_counterparts() -> None:
    of = entry(
        AccountChange(CASH, -10, 0),
        AccountChange(BONUS, 4, 4),
        AccountChange(PROMO, -1, None),
        AccountChange(GAME, 7, None),
    )

    assert balance_change(CASH, of).counterparts == (BONUS, GAME)


def test_what_followed_from_a_bet_names_the_bet_of_its_command() -> None:
    of = entry(AccountChange(CASH, 10, 10), AccountChange(BONUS, -10, 0))
    followed = replace(of, provider_id="", bet_ref="")
    of_another, of_none = About(bet=BetKey("other", "b2")), About()

    told = [
        (change.provider_id, change.bet_ref)
        for change in (
            balance_change(CASH, followed, of_another),
            balance_change(CASH, followed, of_none),
            balance_change(CASH, of, of_another),
        )
    ]

    assert told == [("other", "b2"), ("", ""), ("acme", "b1")]


@pytest.mark.parametrize(
    ("result", "subjects"),
    [
        (DepositResult("d1", "APPROVED"), {"deposit_id": "d1"}),
        (
            DepositResult("d1", "APPROVED", requirement_id="RQ1"),
            {"deposit_id": "d1", "requirement_id": "RQ1"},
        ),
        (RollingResult("RQ1", "RELEASED", 2), {"requirement_id": "RQ1"}),
        (DrainResult("dr1", "EUR", 5), {"drain_id": "dr1"}),
    ],
)
def test_a_change_names_what_its_command_was_about(
    result: DepositResult | RollingResult | DrainResult, subjects: dict[str, str]
) -> None:
    of = entry(AccountChange(CASH, 10, 10), AccountChange(GAME, -10, None))

    assert balance_change(CASH, of, About(result)).subjects == subjects


# --- Explanations


def test_an_explanation_says_what_was_there_and_what_came() -> None:
    since = {
        SumKey(CASH, "EUR", PROMOTION): Sum(1, 0, 1),
        SumKey(CASH, "EUR", TRANSFER): Sum(5, 2, 3),
        SumKey(BONUS, "EUR", DEPOSIT): Sum(1_000, 0, 1),
        SumKey(CASH, "EUR", DEPOSIT): Sum(100, 0, 1),
        SumKey(CASH, "EUR", BET_LOST): Sum(0, 40, 2),
    }

    explained = explain_balance(CASH, 3, 9, Holding("EUR", 7), since)

    assert (explained.account, explained.asset_code) == (CASH, "EUR")
    assert (explained.after_sequence, explained.sequence) == (3, 9)
    assert (explained.opening_balance, explained.balance) == (7, 71)
    # In the order in which the causes are told of, not that of their names.
    assert explained.parts == (
        BalancePart(BalanceCause.DEPOSIT, "ApproveDeposit", Sum(100, 0, 1)),
        BalancePart(BalanceCause.RESULT, "SettleBet", Sum(0, 40, 2)),
        BalancePart(BalanceCause.TRANSFER, "TransferFunds", Sum(5, 2, 3)),
        BalancePart(BalanceCause.PROMOTION, "CreditPromotion", Sum(1, 0, 1)),
    )


def test_the_asset_is_that_of_what_was_there_or_else_of_what_came() -> None:
    since = {
        SumKey(BONUS, "EUR", DEPOSIT): Sum(9, 0, 1),
        SumKey(CASH, "PTS", DEPOSIT): Sum(9, 0, 1),
    }

    assert explain_balance(CASH, 0, 9, None, since).asset_code == "PTS"
    assert explain_balance(CASH, 0, 9, Holding("USD", 1), {}).asset_code == "USD"
    assert explain_balance(CASH, 0, 9, None, {}) == BalanceExplanation(CASH, "", 0, 9, 0, ())


def test_kinds_of_one_cause_and_command_are_one_part_and_others_are_in_order() -> None:
    more = EntryKind("ApproveDeposit", False, 0, 1)
    other = EntryKind("CreateDeposit", False, 0, -1)
    since = {
        SumKey(CASH, "EUR", other): Sum(1, 0, 1),
        SumKey(CASH, "EUR", DEPOSIT): Sum(10, 0, 1),
        SumKey(CASH, "EUR", more): Sum(0, 3, 2),
        SumKey(CASH, "EUR", UNKNOWN): Sum(2, 0, 1),
    }

    parts = explain_balance(CASH, 0, 9, None, since).parts

    assert [part for part in parts if part.cause is BalanceCause.DEPOSIT] == [
        BalancePart(BalanceCause.DEPOSIT, "ApproveDeposit", Sum(10, 3, 3)),
        BalancePart(BalanceCause.DEPOSIT, "CreateDeposit", Sum(1, 0, 1)),
    ]
    assert BalancePart(BalanceCause.CONSEQUENCE, "Whatever", Sum(2, 0, 1)) in parts
