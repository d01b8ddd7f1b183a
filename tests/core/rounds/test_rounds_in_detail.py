"""What rounds keep and say, down to the fields that few look at."""

from dataclasses import replace

import pytest

from tests.core.bets.examples import line, placed, portion
from tests.core.rounds.round_world import FREE_ROUND_ROLLING, RoundWorld, slots, with_policy
from tests.core.rules import auto, policy
from tests.core.world import eur
from wallet_server.core.bets.bet import Portion
from wallet_server.core.bets.context import BetContext
from wallet_server.core.commands import (
    PlayRound,
    RoundBet,
    RoundWin,
)
from wallet_server.core.config.policy import WinDestination
from wallet_server.core.items import ItemKind
from wallet_server.core.rounds.line_stakes import stakes_of
from wallet_server.core.rounds.round import own_round_ref, round_key
from wallet_server.core.rounds.win_kind import WinKind

GIFT = WinKind.FREE_ROUND
COUPONS_FIRST = policy("SLOTS", auto("COUPON", "CB", "CN"))


def test_the_round_of_a_bet_alone_begins_with_its_first_win() -> None:
    world = RoundWorld("CN 10", slots(implicit_close_seconds=60))
    world.bet_in(10, "b1", "")

    assert world.win(5, round_ref="", bet="b1") == "APPLIED"

    own = world.round(own_round_ref("b1"))
    assert (own.bet_refs, own.win_refs, own.implicit_close_time) == (("b1",), ("w1",), None)
    assert (own.sequence, own.create_time) == (world.answer.sequence, world.answer.answer_time)
    assert round_key("slots", "R1").kind is ItemKind.ROUND


def test_a_round_played_has_the_context_and_the_pools_it_says() -> None:
    world = with_policy(balances="CN 10")
    context = BetContext(game_id="book")
    jackpot = RoundWin("j1", eur(7), WinKind.JACKPOT, "mega")

    said = PlayRound("slots", "R1", (RoundBet("b1", eur(10)),), (jackpot,), context=context)

    assert world.run(said) == "APPLIED"
    assert world.slot("b1").context == context
    assert world.slot("b1").create_time == world.answer.answer_time
    assert world.posted == {"CN": -3, "GAME": 10, "H:JACKPOT:mega": -7}


def test_a_round_played_tells_of_the_last_requirement_of_three() -> None:
    rolled = replace(
        COUPONS_FIRST, win_destinations=(WinDestination(GIFT, "CB", FREE_ROUND_ROLLING),)
    )
    world = RoundWorld("CN 10", rolled)
    gifts = tuple(RoundWin(f"f{n}", eur(n), GIFT) for n in (1, 2, 3))

    assert world.run(PlayRound("slots", "R1", (), gifts, close=False)) == "APPLIED"

    assert world.requirement(world.result.requirement_id).required == 15


def test_what_is_still_open_is_played_under_a_name_of_its_own() -> None:
    world = RoundWorld("CN 20")
    world.bet_in(10, "b1")
    assert world.settle(0, "b1", portion="a", stake=4, provider="slots") == "APPLIED"
    assert world.settle(0, "b1", provider="slots") == "APPLIED"
    assert world.unsettle(2, "a", bet_ref="b1", provider="slots") == "APPLIED"
    assert world.close() == "APPLIED"

    number = world.answer.sequence
    portions = world.slot("b1").portions
    assert [each.portion_ref for each in portions] == ["", f"closed #{number}"]
    assert [each.stake for each in portions] == [6, 4]
    world.bet_in(5, "b2", "R2")
    world.close("R2")
    assert [each.portion_ref for each in world.slot("b2").portions] == [""]


def test_what_is_named_and_has_come_is_not_kept_away() -> None:
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1")
    world.win(5)

    assert world.cancel("R1", "w1", "b9") == "APPLIED"

    assert [key.bet_ref for key in world.wallet.bets] == ["b1", "b9"]
    tombstone = world.slot("b9")
    assert (tombstone.sequence, tombstone.create_time) == (
        world.answer.sequence,
        world.answer.answer_time,
    )


def test_a_round_that_never_began_has_the_number_and_time_of_its_end() -> None:
    world = RoundWorld("CN 10")

    assert world.cancel() == "TOMBSTONED"

    found = world.round()
    assert (found.sequence, found.create_time) == (
        world.answer.sequence,
        world.answer.answer_time,
    )


@pytest.mark.parametrize(
    ("may", "provider", "said"),
    [(True, "slots", "APPLIED"), (False, "slots", "ROUND_CLOSED")],
)
def test_a_closed_round_without_bets_is_undone_where_the_provider_may(
    *, may: bool, provider: str, said: str
) -> None:
    world = with_policy(slots(rollback_after_settle=may), balances="CN 5")
    world.bet_in(5, "b1")
    world.undo("b1")
    assert world.close() == "APPLIED"

    assert world.cancel() == said


def test_lines_count_what_all_results_paid() -> None:
    bet = placed(line("SB", 20, profit="SN"), line("SN", 80))
    bet = bet.with_portions(
        (
            portion((4, 16), 40, ref="a"),
            portion((4, 16), 30, ref="b"),
            Portion("c", (2, 8), 1, 20, 0, is_cash_out=True),
            Portion("d", (2, 8), 1, 15, 0, is_cash_out=True),
            portion((2, 8), 0, ref="e"),
        ),
        {},
    )

    bonus, cash = stakes_of(bet)

    # Of 40, 30, 20 and 15 a fifth each is the bonus': 8, 6, 4 and 3 for stakes of 4, 4, 2 and 2.
    assert (bonus.profit, bonus.covered, bonus.cashed_out) == (4 + 2 + 2 + 1, 12, 4)
    assert (cash.profit, cash.covered, cash.cashed_out) == (16 + 8 + 8 + 4, 48, 16)
