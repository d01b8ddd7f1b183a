"""Commands on a round change its bets, and tell of none of them."""

from dataclasses import replace

from tests.core.audit.stories import RecordedRounds, changed, follow
from wallet_server.core.audit.difference import Check
from wallet_server.core.bets.bet import BetState
from wallet_server.core.ids import BetKey


def in_round() -> RecordedRounds:
    """Returns a world in which a bet of a round was placed, and cancelled with its round."""
    world = RecordedRounds("CN 100")
    assert world.bet_in(10, "b1") == "APPLIED"
    assert world.cancel() == "APPLIED"
    return world


SLOT = BetKey("slots", "b1")


def test_what_a_round_made_of_a_bet_is_known_by_its_entries() -> None:
    world = in_round()
    stored = world.slot("b1")

    assert follow(world.answers, stored, SLOT) == []
    assert follow(world.answers, replace(stored, stake=11), SLOT) == [
        (Check.BET_NOT_OF_ANSWER, "slots/b1", "its stake changed"),
        (Check.BET_FUNDING, "slots/b1", "its lines add up to 10, its stake is 11"),
    ]
    assert follow(world.answers, replace(stored, revision=1), SLOT) == [
        (Check.BET_NOT_OF_ANSWER, "slots/b1", "the last answer has another state"),
    ]


def test_what_follows_after_a_round_is_checked_by_all_that_was_posted() -> None:
    world = in_round()
    assert world.undo("b1") == "ALREADY_ROLLED_BACK"
    assert follow(world.answers, world.slot("b1"), SLOT) == []

    answers = changed(world.answers, 2, lambda bet: replace(bet, stake=11))
    found = follow(answers, answers[2].bet, SLOT)
    assert found[0] == (Check.BET_HISTORY, "slots/b1 #4", "its stake changed")

    standing = replace(world.slot("b1"), state=BetState.AUTHORIZED)
    answers = changed(world.answers, 2, lambda _: standing)
    message = "it came to bkt:CN -10, open:CN +10, its entries to nothing"
    assert follow(answers, standing, SLOT)[0] == (Check.BET_POSTINGS, "slots/b1 #4", message)

    broken = replace(world.slot("b1"), snapshot=None)
    answers = changed(world.answers, 2, lambda _: broken)
    assert [check for check, _, _ in follow(answers, broken, SLOT)] == [
        Check.BET_HISTORY,
        Check.BET_FUNDING,
    ]


def test_a_round_may_change_a_bet_without_an_entry_of_it() -> None:
    world = RecordedRounds("CN 100")
    assert world.bet_in(10, "b1") == "APPLIED"
    skipped = world.answers[0]
    assert skipped.bet is not None
    later = replace(skipped.bet, revision=3, selected_source="X")
    tells = replace(skipped, sequence=3, bet=later, entries=())

    found = follow([skipped, tells], later, SLOT)

    assert found == [(Check.BET_HISTORY, "slots/b1 #3", "its selected_source changed")]


def test_a_play_tells_of_a_bet_after_all_it_did_with_it() -> None:
    world = RecordedRounds("CN 100")
    assert world.play({"b1": 10}, {"w1": 30}) == "APPLIED"

    assert follow(world.answers, world.slot("b1"), SLOT) == []


def test_a_tombstone_of_a_round_is_told_of_by_who_asks_for_it_again() -> None:
    world = RecordedRounds("CN 100")
    assert world.cancel("R1", "b1") == "TOMBSTONED"
    assert world.undo("b1") == "ALREADY_ROLLED_BACK"

    assert follow(world.answers, world.slot("b1"), SLOT) == []

    undone = replace(world.slot("b1"), state=BetState.ROLLED_BACK)
    answers = changed(world.answers, 1, lambda _: undone)
    said = "answered ALREADY_ROLLED_BACK, yet it changed everything"
    assert follow(answers, undone, SLOT)[0] == (Check.BET_HISTORY, "slots/b1 #3", said)


def test_a_bet_of_a_round_may_be_told_of_by_nobody() -> None:
    world = in_round()
    placing, cancelling = world.answers

    assert follow([replace(placing, bet=None), cancelling], world.slot("b1"), SLOT) == []


def test_each_change_of_a_bet_in_a_round_is_followed_where_none_is_missed() -> None:
    """Where nothing was missed, a change must be one that its command makes."""
    world = RecordedRounds("CN 100")
    assert world.bet_in(10, "b1") == "APPLIED"
    assert world.settle(0, "b1", provider="slots") == "APPLIED"
    assert follow(world.answers, world.slot("b1"), SLOT) == []

    placing, settling = world.answers
    wrong = [placing, replace(settling, command="UnsettleBet")]
    message = "UnsettleBet made it SETTLED; it was AUTHORIZED"
    assert follow(wrong, world.slot("b1"), SLOT) == [(Check.BET_HISTORY, "slots/b1 #3", message)]
    first = [replace(placing, command="SettleBet"), settling]
    message = "SettleBet made it AUTHORIZED; it was unknown"
    assert follow(first, world.slot("b1"), SLOT) == [(Check.BET_HISTORY, "slots/b1 #2", message)]


def test_a_play_that_opened_its_bet_again_tells_of_all_at_once() -> None:
    world = RecordedRounds("CN 100")
    assert world.bet_in(10, "b1") == "APPLIED"
    (placing,) = world.answers
    played = [replace(placing, command="PlayRound")]

    assert follow(played, world.slot("b1"), SLOT) == []
