"""What must hold of a bet by itself."""

from dataclasses import replace

from tests.core.world import World, eur
from wallet_server.core.audit.bet_document_audit import find_document_problems, is_whole
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.ids import BetKey


def settled_free_round() -> Bet:
    world = World("SN 10")
    world.run(AuthorizeBet(BetKey("sports", "b1"), eur(0), free_round=True))
    world.settle(0)
    return world.bet()


def test_a_free_round_that_is_settled_is_whole_without_lines() -> None:
    bet = settled_free_round()

    assert len(bet.portions) == 1
    assert list(find_document_problems(bet)) == []
    assert is_whole(bet)


def test_a_portion_of_a_free_round_has_no_share_of_anything() -> None:
    bet = settled_free_round()
    (portion,) = bet.portions
    wrong = replace(bet, portions=(replace(portion, stake_shares=(1,)),))

    messages = [finding.message for finding in find_document_problems(wrong)]

    assert messages == ["a portion's shares, refund and payout do not fit its lines"]
    assert not is_whole(wrong)
