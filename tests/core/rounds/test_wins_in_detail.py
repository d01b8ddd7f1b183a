"""What wins keep, say and leave alone, down to the fields that few look at."""

from dataclasses import replace

import pytest

from tests.core.rounds.round_world import RoundWorld, slots, with_policy
from tests.core.rules import auto, policy
from tests.core.world import START, eur
from wallet_server.core.commands import (
    CreditWin,
    GrantCoupon,
)
from wallet_server.core.config.provider_profile import PayoutBasis, ProviderProfile
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import (
    BetRolledBack,
    BetTombstoned,
    RoundCancelled,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import WinResult
from wallet_server.core.rolling.requirement import RequirementState
from wallet_server.core.rounds.line_stakes import stakes_of
from wallet_server.core.rounds.round import own_round_ref
from wallet_server.core.rounds.win import WinState
from wallet_server.core.rounds.win_kind import WinKind

GIFT = WinKind.FREE_ROUND
NET = slots(payout_basis=PayoutBasis.NET_OF_FREEBET)
COUPONS_FIRST = policy("SLOTS", auto("COUPON", "CB", "CN"))


def with_freebet(*changes: ProviderProfile) -> RoundWorld:
    """E04's stakes in a round: 30 of a coupon whose stake is not returned, CB 20, CN 50."""
    world = RoundWorld("CB 20, CN 50", COUPONS_FIRST, NET, *changes)
    grant = GrantCoupon("C1", eur(30), START.replace(year=2027), CouponTerms(profit_target="SN"))
    assert world.run(grant) == "APPLIED"
    assert world.bet_in(100, "b1") == "APPLIED"
    return world


def test_a_win_is_paid_on_the_basis_of_its_bet() -> None:
    """E04, as a win: 210 net are 240 gross, of which 72, 48 and 120 are shares."""
    world = with_freebet()
    world.configure(COUPONS_FIRST, slots())

    assert world.win(210) == "APPLIED"

    assert world.posted == {"SN": 42, "CB": 48, "CN": 120, "GAME": -210}
    assert [(s.amount, s.returned, s.profit) for s in world.win_of().shares] == [
        (72, 0, 42),
        (48, 20, 28),
        (120, 50, 70),
    ]


def test_a_late_win_is_split_and_released_on_the_basis_of_its_bet() -> None:
    world = with_freebet(slots(payout_basis=PayoutBasis.NET_OF_FREEBET, win_window_seconds=0))
    assert world.close() == "APPLIED"
    assert world.win(210) == "REVIEW"
    assert [share.amount for share in world.win_of().shares] == [72, 48, 120]
    world.configure(COUPONS_FIRST, slots())

    assert world.release() == "APPLIED"

    assert world.posted == {"SN": 42, "CB": 48, "CN": 120, "H:SUSPENSE": -210}


def test_entries_of_wins_are_in_the_wallets_currency() -> None:
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1")
    world.win(30)

    assert world.entry.asset_code == "EUR"


def test_a_new_win_is_told_as_it_is() -> None:
    world = with_policy()

    assert world.win(12, kind=GIFT, summary=True) == "APPLIED"

    assert world.result == WinResult()
    win = world.win_of()
    assert (win.state, win.sequence, win.create_time) == (
        WinState.CREDITED,
        world.answer.sequence,
        world.answer.answer_time,
    )


@pytest.mark.parametrize(
    ("again", "field"),
    [
        (CreditWin(BetKey("slots", "w1"), eur(5), GIFT, "R1", "b1", "p"), "bet_ref"),
        (CreditWin(BetKey("slots", "w1"), eur(5), GIFT, "R1", "", "q"), "pool"),
        (CreditWin(BetKey("slots", "w1"), eur(5), GIFT, "R1", "", "p", summary=True), "summary"),
        (CreditWin(BetKey("slots", "w1"), eur(5), GIFT, "", "", "p"), "round_ref"),
    ],
)
def test_what_a_repeated_win_says_otherwise_is_named(again: CreditWin, field: str) -> None:
    world = with_policy()
    assert world.win(5, kind=GIFT, pool="p") == "APPLIED"

    assert world.run(again) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("w1", field)


def test_a_win_of_a_bet_may_leave_its_round_out_when_it_comes_again() -> None:
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1")
    assert world.win(5, bet="b1") == "APPLIED"

    assert world.win(5, round_ref="", bet="b1") == "REPLAYED APPLIED"


def test_refusals_of_wins_name_what_they_are_about() -> None:
    world = RoundWorld("CN 30")
    for ref in ("b1", "b2", "b3"):
        world.bet_in(10, ref)
    for ref in ("b1", "b2", "b3"):
        world.undo(ref)

    assert world.win(5) == "BET_ROLLED_BACK"
    assert world.refusal == BetRolledBack("b3")
    assert world.win(5, bet="b2") == "BET_ROLLED_BACK"
    assert world.refusal == BetRolledBack("b2")
    world.cancel("R2", "w9")
    assert world.win(5, "w9") == "BET_TOMBSTONED"
    assert world.refusal == BetTombstoned("w9")
    assert world.win(5, "w8", "R2") == "ROUND_CANCELLED"
    assert world.refusal == RoundCancelled("R2")
    assert world.bet_in(5, "b9", "R2") == "ROUND_CANCELLED"
    assert world.refusal == RoundCancelled("R2")


def test_a_gift_of_a_provider_without_a_profile_is_refused() -> None:
    world = with_policy()

    assert world.win(5, kind=GIFT, provider="nobody") == "PROVIDER_UNMAPPED"


def test_a_gift_may_name_a_bet_that_never_came() -> None:
    world = with_policy()

    assert world.win(5, round_ref="", kind=GIFT, bet="b9") == "APPLIED"
    assert world.win_of().bet_ref == "b9"


def test_a_gift_of_nothing_moves_nothing_and_opens_nothing() -> None:
    world = with_policy()

    assert world.win(0, kind=GIFT) == "APPLIED"
    assert world.win_of().moves == ()
    assert world.result == WinResult()
    assert world.win(1, "w2", kind=GIFT) == "APPLIED"
    assert world.requirement(world.result.requirement_id).required == 5


def test_free_rounds_that_won_too_late_are_paid_as_free_rounds() -> None:
    world = with_policy(slots(win_window_seconds=0), balances="CN 5")
    assert world.bet_in(0, "b1", free=True) == "APPLIED"
    assert world.close() == "APPLIED"
    assert world.win(12) == "REVIEW"

    assert world.release() == "APPLIED"

    assert world.posted == {"CB": 12, "H:SUSPENSE": -12}
    assert world.requirement(world.result.requirement_id).required == 60


def test_a_jackpot_that_came_too_late_is_released_as_a_jackpot() -> None:
    world = with_policy(slots(win_window_seconds=0), balances="CN 5")
    world.play({"b1": 5}, {})
    assert world.win(70, kind=WinKind.JACKPOT, pool="mega") == "REVIEW"
    assert world.posted == {"H:JACKPOT:mega": -70, "H:SUSPENSE": 70}

    assert world.release() == "APPLIED"

    assert world.posted == {"CN": 70, "H:SUSPENSE": -70}


def test_a_late_win_of_a_bet_alone_is_released_to_it() -> None:
    world = RoundWorld("CN 10", slots(win_window_seconds=0))
    world.bet_in(10, "b1", "")
    assert world.win(5, round_ref="", bet="b1") == "APPLIED"
    assert world.close(own_round_ref("b1")) == "APPLIED"
    assert world.win(7, "w2", round_ref="", bet="b1") == "REVIEW"

    assert world.release("w2") == "APPLIED"

    assert world.posted == {"CN": 7, "H:SUSPENSE": -7}


def test_what_a_win_opened_ends_once() -> None:
    world = with_policy()
    assert world.win(12, kind=GIFT) == "APPLIED"
    opened = world.requirement(world.result.requirement_id)
    assert world.undo("w1") == "APPLIED"
    ended = world.requirement(opened.requirement_id)
    assert (ended.state, ended.revision) == (RequirementState.CANCELLED, opened.revision + 1)

    assert world.win(12, "w2", kind=GIFT) == "APPLIED"
    over = replace(
        world.requirement(world.result.requirement_id), state=RequirementState.RELEASED, revision=7
    )
    world.put_item(over)
    assert world.undo("w2") == "APPLIED"
    assert world.requirement(over.requirement_id) == over


def test_lines_are_paid_on_the_basis_of_their_bet() -> None:
    world = with_freebet()
    assert world.settle(105, "b1", stake=50, portion="a", provider="slots") == "APPLIED"

    # Half of E04: 105 net are 120 gross, of which 36, 24 and 60 are shares.
    assert [stake.profit for stake in stakes_of(world.slot("b1"))] == [21, 14, 35]
