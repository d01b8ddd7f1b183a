"""How wins are shared: by the stakes in play, with what is kept and capped over a round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.bets.examples import line, placed, portion
from tests.core.world import START, short
from wallet_server.core.accounts import game
from wallet_server.core.bets.bet import Bet, CouponLine, FundingLine, Portion
from wallet_server.core.config.policy import Destinations
from wallet_server.core.config.provider_profile import PayoutBasis
from wallet_server.core.coupons.grant import VoidBehavior
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.line_stakes import line_stakes, stakes_of, weights_of
from wallet_server.core.rounds.win import Win, WinShare, WinState
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.rounds.win_split import moves_of_shares, pay_shares, split_win

GROSS, NET = PayoutBasis.GROSS, PayoutBasis.NET_OF_FREEBET
HOUSE = game("SPORTS")


def coupon(amount: int, profit: str = "SN", stake: str | None = None) -> FundingLine:
    """Returns a coupon's line; its stake is not returned unless a target is named."""
    terms = CouponLine(VoidBehavior.RETURN, cash_out_allowed=False)
    return FundingLine("cpn:C1", amount, Destinations(stake, profit), terms)


def with_results(bet: Bet, *portions: Portion) -> Bet:
    return bet.with_portions(portions, {})


def credited(shares: tuple[WinShare, ...], state: WinState = WinState.CREDITED) -> Win:
    return Win(BetKey("sports", "w"), state, WinKind.ROUND, 0, 3, START, shares=shares)


def pay(bet: Bet, *amounts: int, basis: PayoutBasis = GROSS) -> list[dict[str, int]]:
    """Returns what wins, one after the other, pay to which buckets."""
    wins: list[Win] = []
    paid: list[dict[str, int]] = []
    for amount in amounts:
        stakes = line_stakes([bet], wins)
        shares = pay_shares(amount, split_win(amount, stakes, basis), stakes, basis)
        moved: dict[str, int] = {}
        for move in moves_of_shares(HOUSE, shares, stakes):
            assert move.source == HOUSE
            moved[short(move.target)] = moved.get(short(move.target), 0) + move.amount
        paid.append(moved)
        wins.append(credited(shares))
    return paid


E01 = placed(coupon(30), line("SB", 20), line("SN", 50))


def test_a_coupon_keeps_its_stake_of_a_win() -> None:
    """E01, as the win of a round."""
    assert pay(E01, 240) == [{"SN": 42 + 120, "SB": 48}]


def test_a_coupon_that_returns_its_stake_keeps_none() -> None:
    """E02, as the win of a round."""
    bet = placed(coupon(30, stake="SN"), line("SB", 20), line("SN", 50))

    assert pay(bet, 240) == [{"SN": 72 + 120, "SB": 48}]


def test_a_coupon_keeps_its_stake_once_a_round() -> None:
    assert pay(E01, 50, 100, 90) == [
        {"SN": 25, "SB": 10},
        {"SN": 15 + 50, "SB": 20},
        {"SN": 72, "SB": 18},
    ]


def test_net_wins_are_rebuilt_until_the_stake_is_off() -> None:
    """E04, as the win of a round."""
    assert pay(E01, 210, basis=NET) == [{"SN": 162, "SB": 48}]
    assert pay(E01, 210, 100, basis=NET)[1] == {"SN": 30 + 50, "SB": 20}


@given(st.lists(st.integers(0, 300), min_size=1, max_size=5))
def test_net_wins_are_paid_to_the_unit(amounts: list[int]) -> None:
    for amount, paid in zip(amounts, pay(E01, *amounts, basis=NET), strict=True):
        assert sum(paid.values()) == amount


@given(st.lists(st.integers(0, 300), min_size=1, max_size=5))
def test_what_a_coupon_keeps_is_its_stake_at_most(amounts: list[int]) -> None:
    kept = sum(amounts) - sum(sum(paid.values()) for paid in pay(E01, *amounts))

    assert 0 <= kept <= 30


def test_profit_is_capped_over_all_wins() -> None:
    """E06, as the wins of a round."""
    bet = placed(line("SB", 20, profit="SN", cap=25), line("SN", 80))

    assert pay(bet, 240) == [{"SB": 20, "SN": 25 + 192}]
    assert pay(bet, 120, 120) == [{"SB": 20, "SN": 4 + 96}, {"SN": 21 + 96}]


def test_a_result_counts_towards_the_cap_and_has_its_stake() -> None:
    bet = placed(line("SB", 20, profit="SN", cap=25))
    settled = with_results(bet, portion((20,), payout=40))

    assert pay(settled, 30) == [{"SN": 5}]


def test_a_lost_stake_is_still_kept_of_a_late_win() -> None:
    lost = with_results(E01, portion((30, 20, 50), payout=0))

    assert pay(lost, 240) == pay(E01, 240)


def test_what_was_refunded_is_neither_kept_nor_returned() -> None:
    bet = placed(coupon(30), line("SB", 20, profit="SN"))
    half_void = with_results(bet, portion((30, 20), payout=0, refund=25))

    assert pay(half_void, 100) == [{"SN": 60 - 15 + 40 - 10, "SB": 10}]


def test_a_result_that_paid_has_had_its_stake() -> None:
    bet = placed(coupon(30), line("SB", 20, profit="SN"))
    half_won = with_results(bet, portion((15, 10), payout=10, refund=5))

    assert stakes_of(half_won)[0].unpaid == 15
    assert stakes_of(half_won)[1].unpaid == 10


@pytest.mark.parametrize(
    ("case", "portions", "weights"),
    [
        ("open", (), [20, 80]),
        ("lost", (portion((20, 80), 0),), [20, 80]),
        ("half void", (portion((20, 80), 0, refund=50),), [10, 40]),
        ("part void", (portion((8, 32), 0, refund=40),), [12, 48]),
        ("all void", (portion((20, 80), 0, refund=100),), [20, 80]),
        ("part cashed out", (Portion("c", (8, 32), 0, 50, 0, is_cash_out=True),), [12, 48]),
        ("all cashed out", (Portion("c", (20, 80), 0, 50, 0, is_cash_out=True),), [20, 80]),
    ],
)
def test_weights(case: str, portions: tuple[Portion, ...], weights: list[int]) -> None:
    bet = with_results(placed(line("SB", 20), line("SN", 80)), *portions)

    assert weights_of(stakes_of(bet)) == weights, case


def test_only_wins_that_are_credited_count() -> None:
    share = WinShare("b1", 0, 30, returned=0, profit=30)
    states = [WinState.SUSPENDED, WinState.RETURNED, WinState.ROLLED_BACK]
    without = line_stakes([E01], [credited((share,), state) for state in states])

    assert [stake.unpaid for stake in without] == [30, 20, 50]
    assert line_stakes([E01], [credited((share,))])[0].unpaid == 0


def test_a_win_of_nothing_has_no_shares() -> None:
    assert pay(E01, 0, 0, basis=NET) == [{}, {}]
    assert split_win(0, stakes_of(E01), GROSS) == ()
