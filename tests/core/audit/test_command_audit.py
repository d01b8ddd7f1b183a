"""What is recorded under one number must fit together."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.audit.records import answer, entry, told
from tests.core.world import START
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.audit.command_audit import (
    find_command_problems,
    find_decline_problems,
    find_entry_problems,
)
from wallet_server.core.audit.difference import Check
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import BucketFrozen, InsufficientFunds

ADJUSTED = entry("bkt:SN +5, H:ADJUST -5")
BET = Bet(BetKey("sports", "b1"), BetState.AUTHORIZED, 2, START, stake=5)
OTHER_BET = replace(BET, key=BetKey("sports", "b2"))

Told = list[tuple[Check, str, str]]


def problems(said: Answer, *entries: PostedEntry) -> Told:
    return told([*find_entry_problems(said, entries)])


def test_an_answer_and_its_entry_fit_together() -> None:
    assert problems(answer(), ADJUSTED) == []


def test_everything_under_one_number_is_looked_at() -> None:
    found = [*find_command_problems(2, [answer("OpenWallet")], [ADJUSTED])]

    assert {each.check for each in found} == {
        Check.ENTRY_NOT_ALLOWED,
        Check.ENTRY_NOT_OF_ANSWER,
    }


def test_every_entry_has_an_answer() -> None:
    entries = [replace(ADJUSTED, request_id="a"), replace(ADJUSTED, request_id="b", ordinal=1)]

    assert told([*find_command_problems(2, [], entries)]) == [
        (Check.ENTRY_WITHOUT_ANSWER, "#2.0", "request a has no answer with this number"),
        (Check.ENTRY_WITHOUT_ANSWER, "#2.1", "request b has no answer with this number"),
    ]


def test_what_was_refused_has_no_entry() -> None:
    refused = answer(outcome=None, refusal=BucketFrozen("SN"))

    message = "AdjustBalance was answered BUCKET_FROZEN and has 1 entries"
    assert problems(refused, ADJUSTED) == [(Check.ENTRY_NOT_ALLOWED, "#2", message)]
    assert problems(refused) == []


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_what_was_applied_or_is_for_review_has_entries(outcome: Outcome) -> None:
    message = f"AdjustBalance was answered {outcome.value} and has 1 entries"
    expected = [(Check.ENTRY_NOT_ALLOWED, "#2", message)]

    found = problems(answer(outcome=outcome), ADJUSTED)

    assert found == ([] if outcome in {Outcome.APPLIED, Outcome.REVIEW} else expected)


def test_an_answer_that_says_nothing_has_no_entry() -> None:
    message = "AdjustBalance was answered None and has 1 entries"

    assert problems(answer(outcome=None), ADJUSTED) == [(Check.ENTRY_NOT_ALLOWED, "#2", message)]


def test_opening_a_wallet_never_posts() -> None:
    opened = entry("bkt:SN +5, H:ADJUST -5", "OpenWallet")
    message = "OpenWallet was answered APPLIED and has 1 entries"

    assert problems(answer("OpenWallet"), opened) == [(Check.ENTRY_NOT_ALLOWED, "#2", message)]


@pytest.mark.parametrize(
    "command",
    ["ApproveDeposit", "AdjustBalance", "CreditPromotion", "GrantCoupon", "TransferFunds"],
)
def test_some_commands_always_post(command: str) -> None:
    missing = [(Check.ENTRY_MISSING, "#2", f"{command} has no entry")]

    assert problems(answer(command)) == missing
    assert problems(answer(command, Outcome.ALREADY_APPLIED)) == []


@pytest.mark.parametrize("command", ["SettleBet", "ReversePromotion", "CloseRound"])
def test_others_may_find_nothing_to_move(command: str) -> None:
    assert problems(answer(command)) == []


def test_a_bet_with_a_stake_always_posts_and_a_free_round_does_not() -> None:
    missing = [(Check.ENTRY_MISSING, "#2", "AuthorizeBet has no entry")]

    assert problems(answer("AuthorizeBet", bet=replace(BET, stake=0))) == []
    assert problems(answer("AuthorizeBet", bet=replace(BET, stake=1))) == missing
    assert problems(answer("AuthorizeBet")) == missing


def test_entries_are_numbered_from_zero_on() -> None:
    wrong = [(Check.ENTRY_MISSING, "#2", "its entries are not numbered from zero on")]
    points = entry("bkt:PT +5, H:ADJUST -5", asset_code="PTS")

    assert problems(answer(), replace(ADJUSTED, ordinal=1)) == wrong
    assert problems(answer(), ADJUSTED, points) == wrong
    assert problems(answer(), ADJUSTED, replace(points, ordinal=1)) == []


def test_a_command_has_one_entry_of_each_asset_and_bet() -> None:
    win = entry("bkt:SN +5, H:GAME:SLOTS -5", "PlayRound", bet=("slots", "w1"))
    credited = answer("PlayRound")

    assert problems(credited, win, replace(win, ordinal=1, bet_ref="w2")) == []
    assert problems(credited, win, replace(win, ordinal=1, provider_id="live")) == []
    assert problems(credited, win, replace(win, ordinal=1, asset_code="PTS")) == []
    message = "several entries are of one asset and belong to the same"
    assert problems(credited, win, replace(win, ordinal=1)) == [
        (Check.ENTRY_NOT_ALLOWED, "#2", message)
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(ADJUSTED, request_id="s"), "request_id"),
        (replace(ADJUSTED, command="ApproveDeposit"), "command"),
        (replace(ADJUSTED, entry_time=START + timedelta(seconds=1)), "entry_time"),
        (replace(ADJUSTED, provider_id="sports"), "the bet"),
        (replace(ADJUSTED, bet_ref="b1"), "the bet"),
    ],
)
def test_an_entry_says_what_its_answer_says(wrong: PostedEntry, field: str) -> None:
    message = f"{field} is not that of request r"

    assert problems(answer(), wrong) == [(Check.ENTRY_NOT_OF_ANSWER, "#2.0", message)]


@pytest.mark.parametrize("command", ["AuthorizeBet", "SettleBet", "UnsettleBet", "CashOutBet"])
def test_the_entries_of_a_bet_are_the_bets_or_of_what_follows_from_it(command: str) -> None:
    told_of = answer(command, bet=BET)
    own, beside, other = (
        entry("open:SN +5, bkt:SN -5", command, bet=bet)
        for bet in (("sports", "b1"), ("", ""), ("sports", "b2"))
    )

    assert problems(told_of, own) == problems(told_of, beside) == []
    assert [check for check, _, _ in problems(told_of, other)] == [Check.ENTRY_NOT_OF_ANSWER]
    assert problems(replace(told_of, bet=None), other) == []


@pytest.mark.parametrize(
    "command",
    [
        "RollbackTransaction",
        "CreditWin",
        "CloseRound",
        "PlayRound",
        "RollbackRound",
        "ReleaseSuspense",
    ],
)
def test_the_entries_of_a_round_may_be_of_any_bet(command: str) -> None:
    other = entry("bkt:SN +5, H:GAME:SLOTS -5", command, bet=("slots", "b2"))

    assert problems(answer(command, bet=BET), other) == []


@pytest.mark.parametrize("command", ["AuthorizeBet", "PlayRound"])
def test_a_declined_bet_was_refused_for_its_reason(command: str) -> None:
    refusal = InsufficientFunds(5, 0)
    declined = replace(BET, state=BetState.DECLINED, refusal=refusal)
    refused = answer(command, None, refusal=refusal)
    wrong = [(Check.BET_NOT_OF_ANSWER, "sports/b1 #2", "no answer refuses it as it says")]

    assert told([*find_decline_problems(2, [refused], [declined])]) == []
    others = [
        [],
        [replace(refused, command="SettleBet")],
        [replace(refused, refusal=InsufficientFunds(5, 1))],
    ]
    for answers in others:
        assert told([*find_decline_problems(2, answers, [declined])]) == wrong
    without = replace(declined, refusal=None)
    assert told([*find_decline_problems(2, [answer(command)], [without])]) == wrong
