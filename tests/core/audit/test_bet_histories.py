"""A bet is followed through all that tells of it."""

from dataclasses import replace

import pytest

from tests.core.audit.records import changes, told
from tests.core.audit.stories import KEY, RecordedRounds, changed, follow, settled
from wallet_server.core.accounts import Account
from wallet_server.core.audit.bet_audit import BetAudit, add_up, show
from wallet_server.core.audit.difference import Check
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.decision import Outcome
from wallet_server.core.entry import Move
from wallet_server.core.refusals import InsufficientFunds


def test_what_the_core_records_of_bets_fits() -> None:
    world = settled()
    steps = (
        world.authorize(50, "b2"),
        world.settle(0, "b2", portion="a", stake=20),
        world.settle(30, "b2", portion="b", stake=30),
        world.unsettle(2, "b", bet_ref="b2"),
        world.roll_back("b2"),
        world.roll_back("b3"),
        world.authorize(500, "b4"),
    )
    assert steps == (*("APPLIED",) * 5, "TOMBSTONED", "INSUFFICIENT_FUNDS")

    for key, stored in world.wallet.bets.items():
        assert follow(world.answers, stored, key) == []


def test_what_the_core_records_of_rounds_fits() -> None:
    world = RecordedRounds("CN 100")
    steps = (
        world.bet_in(10, "b1"),
        world.bet_in(20, "b2"),
        world.win(45),
        world.close(),
        world.play({"b3": 5}, {"w3": 8}, "R2"),
        world.cancel("R2"),
    )
    assert steps == ("APPLIED",) * 6

    for key, stored in world.wallet.bets.items():
        assert follow(world.answers, stored, key) == []


def test_a_bet_that_is_named_is_on_record() -> None:
    assert follow([], None) == [(Check.BET_MISSING, "sports/b1", "it is named, and not on record")]


def test_a_placed_bet_on_record_has_an_answer() -> None:
    world = settled()
    found = follow([], world.bet())

    assert found[0] == (Check.BET_NOT_OF_ANSWER, "sports/b1", "no answer tells of it")


@pytest.mark.parametrize("state", [BetState.DECLINED, BetState.TOMBSTONED])
def test_a_bet_that_never_was_placed_needs_no_answer(state: BetState) -> None:
    refusal = InsufficientFunds(5, 0) if state is BetState.DECLINED else None
    bet = Bet(KEY, state, 2, settled().bet().create_time, refusal=refusal)

    assert follow([], bet) == []


def test_what_is_on_record_is_what_the_last_answer_told() -> None:
    world = settled()
    stored = replace(world.bet(), revision=9, selected_source="X")

    message = "the last answer has another revision, selected_source"
    assert follow(world.answers, stored) == [(Check.BET_NOT_OF_ANSWER, "sports/b1", message)]


def test_what_is_wrong_with_a_bet_by_itself_is_said_of_it() -> None:
    world = settled()
    stored = replace(world.bet(), snapshot=None)

    assert follow(world.answers, stored) == [
        (Check.BET_NOT_OF_ANSWER, "sports/b1", "the last answer has another snapshot"),
        (Check.BET_FUNDING, "sports/b1", "it has no snapshot"),
    ]


def test_an_answer_that_changes_nothing_has_the_bet_as_it_was() -> None:
    world = settled()
    assert world.settle(0) == "STALE_VERSION"
    assert follow(world.answers, world.bet()) == []

    answers = changed(world.answers, 3, lambda bet: replace(bet, selected_source="X"))

    found = follow(answers, answers[3].bet)
    message = "answered STALE_VERSION, yet it changed selected_source"
    assert found == [(Check.BET_HISTORY, "sports/b1 #5", message)]


def test_an_answer_that_changes_nothing_is_never_the_first() -> None:
    world = settled()
    only = replace(world.answers[2], outcome=Outcome.ALREADY_APPLIED)

    message = "answered ALREADY_APPLIED, yet it changed everything"
    assert (Check.BET_HISTORY, "sports/b1 #4", message) in follow([only], world.bet())


def test_an_answer_posts_what_it_made_of_the_bet() -> None:
    world = settled()
    first, second, third = world.answers

    found = follow([first, replace(second, entries=()), third], world.bet())

    lost = "H:GAME:SPORTS +60, open:SN -60"
    standing = "H:GAME:SPORTS -30, bkt:SN +30"
    entries = "H:GAME:SPORTS -90, bkt:SN +30, open:SN +60"
    overpaid = "the house paid 150 for payouts of 90"
    assert found == [
        (Check.BET_POSTINGS, "sports/b1 #3", f"it came to {lost} and nothing was posted"),
        (Check.BET_POSTINGS, "sports/b1", f"it stands at {standing}, its entries at {entries}"),
        (Check.BET_OVERPAID, "sports/b1", overpaid),
    ]


def test_what_an_answer_has_that_is_not_whole_is_left_to_the_record() -> None:
    world = settled()
    answers = changed(world.answers, 1, lambda bet: replace(bet, snapshot=None))

    found = follow(answers, world.bet())

    assert [(check, subject) for check, subject, _ in found] == [
        (Check.BET_HISTORY, "sports/b1 #3"),
        (Check.BET_HISTORY, "sports/b1 #4"),
    ]


def test_a_bet_may_not_become_what_its_command_does_not_make_it() -> None:
    world = settled()
    answers = [replace(world.answers[0], command="SettleBet"), *world.answers[1:]]

    message = "SettleBet made it AUTHORIZED; it was unknown"
    assert follow(answers, world.bet()) == [(Check.BET_HISTORY, "sports/b1 #2", message)]


def test_a_rolled_back_bet_leaves_the_house_with_nothing() -> None:
    world = settled()
    assert world.roll_back() == "APPLIED"
    *others, last = world.answers

    found = follow([*others, replace(last, entries=())], world.bet())

    came = "H:GAME:SPORTS +30, bkt:SN -30"
    entries = "H:GAME:SPORTS -30, bkt:SN +30"
    assert found == [
        (Check.BET_POSTINGS, "sports/b1 #5", f"it came to {came} and nothing was posted"),
        (Check.BET_POSTINGS, "sports/b1", f"it stands at nothing, its entries at {entries}"),
        (Check.BET_POSTINGS, "sports/b1", "rolled back, and yet the house is left with -30"),
    ]


def test_a_bet_that_never_was_placed_posts_nothing() -> None:
    world = settled()
    tombstone = Bet(KEY, BetState.TOMBSTONED, 2, world.bet().create_time)
    audit = BetAudit(KEY, tombstone)

    assert told([*audit.follow([], world.answers[0].entries)]) == []

    entries = "bkt:SN -60, open:SN +60"
    assert told([*audit.finish()]) == [
        (Check.BET_POSTINGS, "sports/b1", f"it stands at nothing, its entries at {entries}"),
        (Check.BET_POSTINGS, "sports/b1", f"TOMBSTONED, and yet its entries come to {entries}"),
    ]


def test_the_house_pays_no_more_than_was_won() -> None:
    world = settled()
    stored = replace(
        world.bet(), substitutions=(Move(Account("H:GAME:SPORTS"), Account("bkt:SN"), 1),)
    )
    answers = changed(world.answers, 2, lambda _: stored)
    third = answers[2]
    (posted,) = third.entries
    more = replace(posted, changes=changes("H:GAME:SPORTS -91, bkt:SN +91"))

    found = follow([*answers[:2], replace(third, entries=(more,))], stored)

    assert found == [(Check.BET_OVERPAID, "sports/b1", "the house paid 91 for payouts of 90")]


def test_what_promotions_keep_of_a_bet_is_not_paid_by_the_house() -> None:
    world = settled()
    kept = Move(Account("bkt:SN"), Account("H:PROMO"), 10)
    stored = replace(world.bet(), substitutions=(kept,))
    answers = changed(world.answers, 2, lambda _: stored)
    third = answers[2]
    (posted,) = third.entries
    less = replace(posted, changes=changes("H:GAME:SPORTS -90, bkt:SN +80, H:PROMO +10"))

    assert follow([*answers[:2], replace(third, entries=(less,))], stored) == []


def test_what_promotions_keep_counts_as_paid() -> None:
    world = settled()
    kept = Move(Account("bkt:SN"), Account("H:PROMO"), 10)
    more = Move(Account("H:GAME:SPORTS"), Account("bkt:SN"), 1)
    stored = replace(world.bet(), substitutions=(kept, more))
    answers = changed(world.answers, 2, lambda _: stored)
    third = answers[2]
    (posted,) = third.entries
    entry = replace(posted, changes=changes("H:GAME:SPORTS -91, bkt:SN +81, H:PROMO +10"))

    found = follow([*answers[:2], replace(third, entries=(entry,))], stored)

    assert found == [(Check.BET_OVERPAID, "sports/b1", "the house paid 91 for payouts of 90")]


def test_stake_that_is_refunded_is_not_paid_by_the_house() -> None:
    world = RecordedRounds("SN 100")
    assert world.authorize(60) == "APPLIED"
    assert world.settle(90, refund=20) == "APPLIED"

    assert follow(world.answers, world.bet()) == []


def test_entries_are_added_up_even_if_they_do_not_balance() -> None:
    posted = settled().answers[0].entries[0]
    uneven = replace(posted, changes=changes("bkt:SN +5, bkt:SN +1, bkt:CN +2, bkt:CN -2"))
    more = replace(posted, changes=changes("bkt:SN +1"))

    assert add_up([uneven, more]) == {"bkt:SN": 7}


def test_changes_are_shown_on_one_line() -> None:
    assert show({Account("bkt:SN"): 5, Account("H:PROMO"): -5}) == "H:PROMO -5, bkt:SN +5"
    assert show({}) == "nothing"
