"""Wins that need no bet: what the house gives."""

from dataclasses import replace

from tests.core.rounds.round_world import RoundWorld, slots, with_policy
from tests.core.world import eur, vector
from wallet_server.core.commands import PlayRound, RoundBet, RoundWin
from wallet_server.core.refusals import TransactionPayloadMismatch, WinDestinationMissing
from wallet_server.core.rounds.win_kind import WinKind


def test_wins_that_need_no_bet() -> None:
    """E30."""
    world = with_policy(balances="CN 5")

    assert world.win(12, "f1", kind=WinKind.FREE_ROUND) == "APPLIED"
    assert world.posted == {"CB": 12, "H:PROMO": -12}
    requirement = world.requirement(world.result.requirement_id)
    assert (requirement.bucket, requirement.required) == ("CB", 60)
    assert world.win(1000, "j1", kind=WinKind.JACKPOT, pool="mega") == "APPLIED"
    assert world.posted == {"CN": 1000, "H:JACKPOT:mega": -1000}
    assert world.win(12, "s1", kind=WinKind.FREE_ROUND, summary=True) == "APPLIED"
    assert world.posted == {}
    assert world.win(12, "s1", kind=WinKind.FREE_ROUND, summary=True) == "REPLAYED APPLIED"
    assert world.win(12, "s1", kind=WinKind.FREE_ROUND) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.win(12, "f1", "", kind=WinKind.FREE_ROUND) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("f1", "round_ref")
    assert world.win(3, "p1", "", kind=WinKind.PROMO_WIN) == "APPLIED"
    assert world.posted == {"CB": 3, "H:PROMO": -3}

    assert world.balances == vector("CB 15, CN 1005")
    assert world.round().win_refs == ("f1", "j1")
    assert world.round().revision == 2


def test_a_summary_pays_where_it_is_the_only_payment() -> None:
    world = with_policy(slots(free_round_summary_moves_money=True))

    world.win(12, "s1", kind=WinKind.FREE_ROUND, summary=True)
    assert world.posted == {"CB": 12, "H:PROMO": -12}
    world.win(9, "s2", kind=WinKind.JACKPOT, summary=True)
    assert world.posted == {}


def test_a_jackpot_without_a_name_is_its_providers() -> None:
    world = with_policy()

    world.win(7, "j1", kind=WinKind.JACKPOT)

    assert world.posted == {"CN": 7, "H:JACKPOT:slots": -7}


def test_a_kind_without_a_destination_is_refused() -> None:
    world = RoundWorld("CN 5")

    assert world.win(7, kind=WinKind.JACKPOT) == "WIN_DESTINATION_MISSING"
    assert world.refusal == WinDestinationMissing("SLOTS", "JACKPOT")
    assert world.wallet.wins == {}
    assert world.wallet.items == {}


def test_free_rounds_alone_win_as_free_rounds() -> None:
    world = with_policy(balances="CN 5")
    world.bet_in(5, "b1")
    free = replace(world.slot("b1"), stake=0, lines=(), free_round=True)
    world.put(free)

    assert world.win(12) == "APPLIED"
    assert world.posted == {"CB": 12, "H:PROMO": -12}
    assert world.win_of().kind is WinKind.ROUND


def test_a_round_played_tells_of_the_requirement_that_it_opened() -> None:
    world = with_policy(balances="CN 10")
    gifts = (
        RoundWin("f1", eur(3), WinKind.FREE_ROUND),
        RoundWin("f2", eur(4), WinKind.FREE_ROUND),
        RoundWin("p1", eur(5), WinKind.PROMO_WIN),
    )

    assert world.run(PlayRound("slots", "R1", (RoundBet("b1", eur(10)),), gifts)) == "APPLIED"

    assert world.requirement(world.result.requirement_id).required == 20
    assert world.balances == vector("CB 12")
