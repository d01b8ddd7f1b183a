from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.coupons.coupons import COUPON_SPORTS
from tests.core.rounds.round_world import RoundWorld
from tests.core.world import START, eur, vector
from wallet_server.core.bets.bet import BetState, ResultKind
from wallet_server.core.bets.settle import PORTIONS_MAX
from wallet_server.core.commands import Amount, CashOutBet, GrantCoupon
from wallet_server.core.config.provider_profile import CorrectionShortfall, ProviderProfile
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import (
    AmountMismatch,
    CashOutNotAllowedForCoupon,
    IllegalTransition,
    PortionLimit,
    PortionNotFound,
    PortionTooLarge,
    TransactionPayloadMismatch,
)

REJECTS = ProviderProfile("sports", "SPORTS", correction_shortfall=CorrectionShortfall.REJECT)


def placed(stake: int = 100) -> RoundWorld:
    """E11's bet: SB 20, SN 80."""
    world = RoundWorld("SB 20, SN 80")
    world.authorize(stake)
    return world


def test_a_part_is_cashed_out_and_the_rest_wins() -> None:
    """E11."""
    world = placed()

    assert world.cash_out(50, stake=40) == "APPLIED"
    assert world.posted == vector("SB +10, SN +40, O:SB -8, O:SN -32, GAME -10")
    assert world.bet().state is BetState.PARTIALLY_SETTLED
    assert world.settle(120) == "APPLIED"
    assert world.posted == vector("SB +24, SN +96, O:SB -12, O:SN -48, GAME -60")

    assert world.bet().state is BetState.SETTLED
    assert world.bet().result_kind is ResultKind.MIXED
    assert world.balances == vector("SB 34, SN 136")


def test_all_that_is_left_is_cashed_out() -> None:
    world = placed()

    assert world.cash_out(90) == "APPLIED"

    assert world.bet().state is BetState.SETTLED
    assert world.bet().result_kind is ResultKind.CASHED_OUT
    assert world.balances == vector("SB 18, SN 72")
    assert (world.entry.provider_id, world.entry.bet_ref) == ("sports", "b1")
    assert world.answer.bet == world.bet()
    found = world.cash_out_of()
    assert (found.bet_ref, found.stake, found.payout) == ("b1", 100, 90)
    assert found.sequence == world.answer.sequence


def with_coupon(*, allowed: bool) -> RoundWorld:
    """E12's bet: a coupon of 30 and SN 70."""
    world = RoundWorld("SN 70", COUPON_SPORTS)
    terms = CouponTerms("SN", cash_out_allowed=allowed)
    world.run(GrantCoupon("C1", eur(30), START + timedelta(days=1), terms))
    world.authorize(100)
    return world


def test_a_coupon_may_rule_cash_outs_out() -> None:
    """E12."""
    world = with_coupon(allowed=False)

    assert world.cash_out(80) == "CASHOUT_NOT_ALLOWED_FOR_COUPON"
    assert world.refusal == CashOutNotAllowedForCoupon("C1")
    assert world.balances == {"O:SN": 70, "O:cpn:C1": 30}
    assert world.bet().state is BetState.AUTHORIZED
    assert world.wallet.wins == {}


def test_a_coupon_that_allows_it_keeps_its_stake() -> None:
    world = with_coupon(allowed=True)

    assert world.cash_out(110) == "APPLIED"
    assert world.posted == {"SN": 80, "O:SN": -70, "O:cpn:C1": -30, "GAME": 20}


def test_no_more_than_is_open_is_cashed_out() -> None:
    world = placed()
    world.settle(0, portion="a", stake=70)

    assert world.cash_out(50, stake=31) == "PORTION_TOO_LARGE"
    assert world.refusal == PortionTooLarge(31, 30)
    assert world.cash_out(50, stake=30) == "APPLIED"
    assert world.cash_out(50, "c2") == "PORTION_TOO_LARGE"
    assert world.refusal == PortionTooLarge(0, 0)


def test_only_a_live_bet_is_cashed_out() -> None:
    world = RoundWorld("SN 10")

    assert world.cash_out(5) == "BET_NOT_FOUND"
    world.authorize(11)
    assert world.cash_out(5) == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("b1", "DECLINED", "CashOutBet")
    world.authorize(10, "b2")
    world.roll_back("b2")
    assert world.cash_out(5, bet_ref="b2") == "BET_ROLLED_BACK"


def test_a_cash_out_is_paid_once() -> None:
    world = placed()
    world.cash_out(50, stake=40)

    assert world.cash_out(50, stake=40) == "REPLAYED APPLIED"
    assert world.cash_out(50) == "REPLAYED APPLIED"
    assert world.cash_out(51) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("c1", "payout")
    assert world.cash_out(50, stake=41) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("c1", "stake")
    assert world.cash_out(50, bet_ref="b2") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("c1", "bet_ref")


def test_a_reference_is_of_one_thing_only() -> None:
    world = placed()
    world.cash_out(50, stake=40)
    world.settle(0, portion="a", stake=10)
    world.settle(0, portion="b")
    world.unsettle(2, "b")

    assert world.cash_out(1, "b1") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("b1", "kind")
    assert world.win(5, "c1", "", bet="b1", provider="sports") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.authorize(5, "c1") == "TRANSACTION_PAYLOAD_MISMATCH"
    for name in ("a", "b"):
        assert world.cash_out(1, name) == "TRANSACTION_PAYLOAD_MISMATCH"
        assert world.refusal == TransactionPayloadMismatch(name, "portion_ref")


def test_no_result_touches_a_cash_out() -> None:
    world = placed()
    world.cash_out(50, stake=40)
    cashed_out = world.bet().portion("c1")

    assert world.settle(0, version=9, portion="c1") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("b1", "portion_ref")
    world.settle(120)
    world.settle(0, version=2)
    assert world.bet().portion("c1") == cashed_out


def test_unsettling_leaves_cash_outs_alone() -> None:
    world = placed()
    world.cash_out(50, stake=40)
    world.settle(120)

    assert world.unsettle(2) == "APPLIED"

    assert world.bet().state is BetState.PARTIALLY_SETTLED
    assert world.balances == vector("SB 10, SN 40, O:SB 12, O:SN 48")


def test_unsettling_takes_back_a_cash_out_that_it_names() -> None:
    world = placed()
    world.cash_out(50)

    assert world.unsettle(1) == "PORTION_NOT_FOUND"
    assert world.refusal == PortionNotFound("b1", "")
    assert world.unsettle(1, "c1") == "APPLIED"
    assert world.balances == vector("O:SB 20, O:SN 80")
    assert world.roll_back("c1") == "ALREADY_ROLLED_BACK"


def test_a_cash_out_repays_debt_first() -> None:
    world = RoundWorld("SN 100, DEBT -30")
    world.authorize(100)

    world.cash_out(50)

    assert world.posted == vector("SN +20, DEBT +30, O:SN -100, GAME +50")


def test_a_cash_out_is_rolled_back_alone() -> None:
    world = placed()
    world.cash_out(50, stake=40)
    world.settle(120)

    assert world.roll_back("c1") == "APPLIED"

    assert world.posted == vector("SB -10, SN -40, O:SB +8, O:SN +32, GAME +10")
    assert world.bet().state is BetState.PARTIALLY_SETTLED
    assert world.cash_out_of().rolled_back
    assert world.roll_back("c1") == "ALREADY_ROLLED_BACK"
    assert world.balances == vector("SB 24, SN 96, O:SB 8, O:SN 32")


def test_a_bet_is_open_again_when_its_only_cash_out_is_rolled_back() -> None:
    world = placed()
    world.cash_out(90)

    assert world.roll_back("c1", amount=89) == "AMOUNT_MISMATCH"
    assert world.refusal == AmountMismatch(expected=90, actual=89)
    assert world.roll_back("c1", amount=90) == "APPLIED"
    assert world.bet().state is BetState.AUTHORIZED
    assert world.answer.bet == world.bet()
    assert world.balances == vector("O:SB 20, O:SN 80")


def test_the_name_of_a_cash_out_stays_taken() -> None:
    world = placed()
    world.cash_out(90)
    world.roll_back("c1")

    assert world.cash_out(90) == "REPLAYED APPLIED"
    assert world.cash_out(91) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.balances == vector("O:SB 20, O:SN 80")
    assert world.cash_out(91, "c2") == "APPLIED"


def test_what_was_cashed_out_and_spent_becomes_debt() -> None:
    world = placed()
    world.cash_out(90)
    world.change(balances="SB 18, SN 10")

    world.roll_back("c1")

    assert world.posted == vector("SB -18, SN -10, DEBT -62, O:SB +20, O:SN +80, GAME -10")


def test_debt_may_be_ruled_out() -> None:
    world = RoundWorld("SN 100", REJECTS)
    world.authorize(100)
    world.cash_out(90)
    world.change(balances="SN 10")

    assert world.roll_back("c1") == "CORRECTION_SHORTFALL"
    assert not world.cash_out_of().rolled_back


def test_rolling_the_bet_back_undoes_its_cash_outs() -> None:
    world = placed()
    world.cash_out(50, stake=40)

    assert world.roll_back() == "APPLIED"
    assert world.balances == vector("SB 20, SN 80")
    assert world.roll_back("c1") == "ALREADY_ROLLED_BACK"


def test_a_bet_has_so_many_portions() -> None:
    world = RoundWorld("SN 1000")
    world.authorize(1000)
    for number in range(PORTIONS_MAX):
        world.cash_out(1, f"c{number}", stake=1)

    assert world.cash_out(1, "one too many", stake=1) == "PORTION_LIMIT"
    assert world.refusal == PortionLimit("b1", PORTIONS_MAX)
    assert world.settle(0) == "APPLIED"


@pytest.mark.parametrize("field", ["payout", "stake"])
def test_amounts_are_of_the_wallets_currency(field: str) -> None:
    world = placed()
    command = CashOutBet(
        BetKey("sports", "b1"), BetKey("sports", "c1"), Amount("EUR", 5), Amount("EUR", 5)
    )

    assert world.run(replace(command, **{field: Amount("PTS", 5)})) == "CURRENCY_MISMATCH"
    assert world.refusal.details()["field"] == field


def test_a_bet_in_a_round_may_be_cashed_out() -> None:
    world = RoundWorld("CN 20")
    world.bet_in(10, "b1")
    world.bet_in(10, "b2")
    world.cash_out(7, "c1", provider="slots")

    world.win(8)
    assert world.posted == vector("CN +8, GAME -8")
    assert [share.bet_ref for share in world.win_of().shares] == ["b2"]
    assert world.close() == "APPLIED"
    assert world.balances == vector("CN 15")
    assert world.roll_back("c1", provider="slots") == "APPLIED"
    assert world.close() == "APPLIED"
    assert world.posted == vector("O:CN -10, GAME +10")
