"""What a bet has done to the books. The matrix has the ordinary cases."""

from dataclasses import replace

import pytest

from tests.core.bets.examples import line, placed, portion
from tests.core.world import shortened, vector
from wallet_server.core.accounts import bucket, debt
from wallet_server.core.bets.bet import Bet, BetState, FundingLine, Portion
from wallet_server.core.bets.settlement import position, posted, split_line, split_payout
from wallet_server.core.config.provider_profile import PayoutBasis
from wallet_server.core.entry import Move

GROSS, NET = PayoutBasis.GROSS, PayoutBasis.NET_OF_FREEBET
MIXED = (line("SB", 20), line("SN", 80))
FREE = (line("SB", 20, None, "SN"), line("SN", 80))


def settled(lines: tuple[FundingLine, ...], *portions: Portion, basis: PayoutBasis = GROSS) -> Bet:
    return placed(*lines, basis=basis).with_portions(portions, {})


@pytest.mark.parametrize(
    ("case", "bet", "expected"),
    [
        ("open", placed(*MIXED), "SB -20, SN -80, O:SB +20, O:SN +80"),
        ("won", settled(MIXED, portion((20, 80), 240)), "SB +28, SN +112, GAME -140"),
        ("lost", settled(MIXED, portion((20, 80), 0)), "SB -20, SN -80, GAME +100"),
        ("void", settled(MIXED, portion((20, 80), 0, 100)), ""),
        ("half void", settled(MIXED, portion((20, 80), 100, 50)), "SB +10, SN +40, GAME -50"),
        (
            "part",
            settled(MIXED, portion((8, 32), 50)),
            "SB -10, SN -40, O:SB +12, O:SN +48, GAME -10",
        ),
        ("all void but one unit", settled(MIXED, portion((20, 80), 7, 99)), "SN +6, GAME -6"),
        ("free, won", settled(FREE, portion((20, 80), 240)), "SB -20, SN +140, GAME -120"),
        ("free, little", settled(FREE, portion((20, 80), 90)), "SB -20, SN -8, GAME +28"),
        (
            "free, net",
            settled(FREE, portion((20, 80), 220), basis=NET),
            "SB -20, SN +140, GAME -120",
        ),
        (
            "free, net, lost",
            settled(FREE, portion((20, 80), 0), basis=NET),
            "SB -20, SN -80, GAME +100",
        ),
        ("free, net, void", settled(FREE, portion((20, 80), 0, 100), basis=NET), ""),
    ],
)
def test_a_bet_as_it_stands_has_a_position(case: str, bet: Bet, expected: str) -> None:
    assert shortened(position(bet)) == vector(expected), case


@pytest.mark.parametrize("state", [BetState.ROLLED_BACK, BetState.DECLINED, BetState.TOMBSTONED])
def test_a_bet_that_is_undone_has_none(state: BetState) -> None:
    assert position(replace(settled(MIXED, portion((20, 80), 240)), state=state)) == {}


def test_what_was_posted_is_the_position_with_its_substitutions() -> None:
    bet = replace(
        settled(MIXED, portion((20, 80), 0)),
        substitutions=(Move(bucket("WD"), bucket("SN"), 30), Move(debt("EUR"), bucket("SN"), 50)),
    )

    assert shortened(posted(bet)) == vector("SB -20, WD -30, DEBT -50, GAME +100")
    assert shortened(posted(replace(bet, state=BetState.ROLLED_BACK))) == vector(
        "SN +80, WD -30, DEBT -50"
    )


def test_a_net_payout_is_split_by_what_is_left_of_each_share() -> None:
    """E04, with its coupon as a line whose stake is not returned."""
    lines = (line("CB", 30, None, "SN"), line("SB", 20), line("SN", 50))
    shares = (30, 20, 50)

    gross = settled(lines, portion(shares, 240))
    net = settled(lines, portion(shares, 210), basis=NET)

    assert shortened(position(gross)) == vector("CB -30, SB +28, SN +112, GAME -110")
    assert position(net) == position(gross)


def test_a_net_payout_is_paid_out_to_the_last_unit() -> None:
    # Rebuilt: 61 + 20 = 81, shares 16.2 and 64.8, so 16 and 65. The first is below its stake.
    assert split_payout(FREE, portion((20, 80), 61), [20, 80], NET) == [0, 61]
    # Rebuilt: 111, shares 22.2 and 88.8, so 22 and 89; what is left is 2 and 89, of 91 in all.
    assert split_payout(FREE, portion((20, 80), 91), [20, 80], NET) == [2, 89]


def test_a_gross_payout_loses_what_is_not_returned() -> None:
    assert split_payout(FREE, portion((20, 80), 91), [20, 80], GROSS) == [0, 73]
    assert split_payout(FREE, portion((20, 80), 240), [20, 80], GROSS) == [28, 192]
    assert split_payout(MIXED, portion((20, 80), 91), [20, 80], GROSS) == [18, 73]


@pytest.mark.parametrize(
    ("case", "funding", "payout", "consumed", "paid_before", "stake", "profit"),
    [
        ("below the stake", line("SB", 20, "SB", "SN"), 15, 20, 0, 15, 0),
        ("just the stake", line("SB", 20, "SB", "SN"), 20, 20, 0, 20, 0),
        ("beyond it", line("SB", 20, "SB", "SN"), 48, 20, 0, 20, 28),
        ("capped", line("SB", 20, "SB", "SN", 25), 48, 20, 0, 20, 25),
        ("cap used in part", line("SB", 20, "SB", "SN", 25), 48, 20, 11, 20, 14),
        ("cap used up", line("SB", 20, "SB", "SN", 25), 48, 20, 25, 20, 0),
        ("within the cap", line("SB", 20, "SB", "SN", 25), 30, 20, 11, 20, 10),
        ("not returned", line("SB", 20, None, "SN"), 28, 20, 0, 0, 28),
        ("not returned, capped", line("SB", 20, None, "SN", 25), 28, 20, 0, 0, 25),
    ],
)
def test_a_line_is_paid_stake_and_profit(
    case: str,
    funding: FundingLine,
    payout: int,
    consumed: int,
    paid_before: int,
    stake: int,
    profit: int,
) -> None:
    assert split_line(funding, payout, consumed, paid_before) == (stake, profit), case


def test_each_line_has_a_cap_of_its_own() -> None:
    lines = (line("SB", 50, "SB", "SN", 10), line("CB", 50, "CB", "CN", 20))

    bet = settled(lines, portion((25, 25), 200, ref="a"), portion((25, 25), 200))

    # Each portion would pay a profit of 75 to each line.
    assert shortened(position(bet)) == vector("SN +10, CN +20, GAME -30")
