"""What a batch loads: what its commands name, what that names, and nothing else."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tests.execution.vocabulary import WALLET, authorize, settle, sports_bet
from wallet_server.core.accounts import coupon
from wallet_server.core.bets.bet import Bet, BetState, CouponLine, FundingLine
from wallet_server.core.cashier.adjustment import adjustment_key
from wallet_server.core.cashier.deposit import Deposit, DepositState, deposit_key
from wallet_server.core.cashier.withdrawal import Forfeit, HoldLine, Withdrawal, WithdrawalState
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    ApproveWithdrawal,
    AuthorizeBet,
    CancelWithdrawal,
    CloseRound,
    Command,
    ConfirmLimitIncrease,
    ConfirmWithdrawal,
    CreateDeposit,
    CreditWin,
    DeclineDeposit,
    FailWithdrawal,
    RejectWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReversePromotion,
    RollbackTransaction,
    SetAccountStatus,
    SetLimit,
    SubmitWithdrawal,
    WriteOffDebt,
)
from wallet_server.core.config.policy import Destinations
from wallet_server.core.coupons.grant import VoidBehavior
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item, ItemKey, ItemKind
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import Promotion, PromotionState
from wallet_server.core.rolling.requirement import Contribution
from wallet_server.core.rounds.membership import round_of
from wallet_server.core.rounds.round import Round, RoundState, round_key
from wallet_server.core.rounds.win import Win, WinKind, WinState
from wallet_server.core.task import Task
from wallet_server.core.wallet import Wallet
from wallet_server.execution.wanted import Search, wanted_by
from wallet_server.storage.loading import Loaded, Wanted

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PROVIDER = "acme-sports"
ROUND = Round(PROVIDER, "r1", RoundState.OPEN, 1, NOW, bet_refs=("b1", "b2"), win_refs=("w1",))
COUPON = ItemKey(ItemKind.COUPON, "c1")
REQUIREMENT = ItemKey(ItemKind.REQUIREMENT, "q1")
COUPON_LINE = FundingLine(
    coupon("c1"),
    5,
    Destinations(None, "sports_normal"),
    CouponLine(VoidBehavior.RETURN, cash_out_allowed=False),
)
BET = Bet(
    sports_bet("b1"),
    BetState.AUTHORIZED,
    1,
    NOW,
    round_ref="r1",
    lines=(COUPON_LINE,),
    contributions=(Contribution(0, "q1", 5),),
)
WIN = Win(sports_bet("w1"), WinState.CREDITED, WinKind.ROUND, 5, 1, NOW, round_ref="r1")


def tasks_of(*commands: Command) -> list[Task]:
    return [Task(WALLET, f"r{number}", command) for number, command in enumerate(commands)]


def loaded_with(
    *, bets: Sequence[Bet] = (), wins: Sequence[Win] = (), items: Sequence[Item] = (), live: int = 0
) -> Loaded:
    wallet = Wallet(
        WALLET,
        1,
        NOW,
        NOW,
        bets={bet.key: bet for bet in bets},
        wins={win.key: win for win in wins},
        items={item.key: item for item in items},
    )
    return Loaded(wallets={WALLET: wallet}, live_counts={WALLET: live} if live else {})


def names_in(wanted: Wanted) -> set[BetKey | ItemKey]:
    return {name for _, name in (*wanted.bets, *wanted.items)}


def steps_of(commands: Sequence[Command], there: Loaded) -> list[set[BetKey | ItemKey]]:
    """Returns what each step of loading wants, where all of `there` is found when asked for."""
    tasks = tasks_of(*commands)
    whole = there.wallets[WALLET]
    search, asked = Search(tasks), names_in(wanted_by(tasks))
    steps = [set(asked)]
    while True:
        found = loaded_with(
            bets=[bet for key, bet in whole.bets.items() if key in asked],
            wins=[win for key, win in whole.wins.items() if key in asked if isinstance(win, Win)],
            items=[item for key, item in whole.items.items() if key in asked],
        )
        wanted = search.next(found)
        if wanted is None:
            return steps
        assert list(wanted.wallets) == [WALLET]  # Its sequence is compared.
        steps.append(names_in(wanted))
        asked |= steps[-1]


DEPOSIT = Deposit(
    *("d1", DepositState.APPROVED, "cash", "EUR", 5, 1, NOW),
    requirement_id="q1",
    withdrawal_id="w1",
)
WITHDRAWAL = Withdrawal(
    *("w1", WithdrawalState.SUBMITTED, 5, "EUR", (HoldLine("cash", 5),), 1, NOW),
    forfeits=(Forfeit("bonus", 3, ("q2", "q3")), Forfeit("other", 2)),
)
CASHIER = loaded_with(items=[DEPOSIT, WITHDRAWAL])
EUR_5 = Amount("EUR", 5)


def requirements(*ids: str) -> set[ItemKey]:
    return {ItemKey(ItemKind.REQUIREMENT, each) for each in ids}


EVERYTHING = loaded_with(bets=[BET], wins=[WIN], items=[ROUND])


def test_an_ordinary_bet_takes_one_step() -> None:
    assert steps_of([authorize("b9"), settle("b8", 5)], EVERYTHING) == [
        {sports_bet("b9"), sports_bet("b8")}
    ]


def test_to_place_a_bet_in_a_round_takes_none_of_the_others_in_it() -> None:
    command = AuthorizeBet(sports_bet("b3"), Amount("EUR", 5), "r1", coupon_grant_id="c2")

    assert steps_of([command], EVERYTHING) == [
        {sports_bet("b3"), round_key(PROVIDER, "r1"), ItemKey(ItemKind.COUPON, "c2")}
    ]


def test_to_settle_a_bet_takes_its_coupons_and_requirements_but_not_its_round() -> None:
    assert steps_of([settle("b1", 5)], EVERYTHING) == [
        {sports_bet("b1")},
        {COUPON, REQUIREMENT},
    ]


@pytest.mark.parametrize(
    "command",
    [CloseRound(PROVIDER, "r1"), CreditWin(sports_bet("w2"), Amount("EUR", 5), round_ref="r1")],
)
def test_a_round_takes_its_bets_and_wins_and_what_these_name(command: Command) -> None:
    steps = steps_of([command], EVERYTHING)

    assert round_key(PROVIDER, "r1") in steps[0]
    assert steps[1:] == [
        {sports_bet("b1"), sports_bet("b2"), sports_bet("w1")},
        {COUPON, REQUIREMENT},
    ]


def test_the_longest_chain_ends() -> None:
    assert len(steps_of([RollbackTransaction(sports_bet("w1"))], EVERYTHING)) == 4


def test_a_promotion_takes_its_requirement_and_the_coupon_of_its_name() -> None:
    promotion = Promotion("p1", PromotionState.CREDITED, 1, NOW, requirement_id="q1")

    assert steps_of([ReversePromotion("p1")], loaded_with(items=[promotion])) == [
        {ItemKey(ItemKind.COUPON, "p1"), promotion.key},
        {REQUIREMENT},
    ]


def test_live_items_are_asked_for_once() -> None:
    search = Search(tasks_of(settle("b9", 5)))
    loaded = loaded_with(live=2)

    wanted = search.next(loaded)

    assert wanted is not None
    assert list(wanted.live) == list(wanted.wallets) == [WALLET]
    assert search.next(loaded) is None


def test_a_reference_and_an_item_of_the_same_texts_are_two() -> None:
    bet = Bet(BetKey("COUPON", "c1"), BetState.AUTHORIZED, 1, NOW, lines=(COUPON_LINE,))
    command = RollbackTransaction(bet.key)

    assert steps_of([command], loaded_with(bets=[bet])) == [
        {bet.key},
        {COUPON, round_of(bet)},  # Its own round, as the bet was placed without one.
    ]


def test_a_command_takes_the_round_of_a_bet_that_its_own_batch_places_before_it() -> None:
    placed = AuthorizeBet(sports_bet("b3"), Amount("EUR", 5), round_ref="r1")
    search = Search(tasks_of(placed, RollbackTransaction(sports_bet("b3"))))

    wanted = search.next(loaded_with(items=[ROUND]))

    assert wanted is not None
    assert {key.bet_ref for _, key in wanted.bets} == {"b1", "b2", "w1"}


@pytest.mark.parametrize("command", [CreateDeposit("d1", "cash", EUR_5), DeclineDeposit("d1")])
def test_a_deposit_takes_its_requirement_and_its_payout_with_what_was_given_up_for_it(
    command: Command,
) -> None:
    assert steps_of([command], CASHIER) == [
        {DEPOSIT.key},
        {WITHDRAWAL.key, *requirements("q1")},
        requirements("q2", "q3"),
    ]


def test_a_deposit_that_names_its_payout_takes_it_at_once() -> None:
    command = ApproveDeposit("new", "cash", EUR_5, withdrawal_id="w1")

    assert steps_of([command], CASHIER) == [
        {deposit_key("new"), WITHDRAWAL.key},
        requirements("q2", "q3"),
    ]


@pytest.mark.parametrize(
    "command",
    [
        RequestWithdrawal("w1", EUR_5),
        ApproveWithdrawal("w1"),
        RejectWithdrawal("w1", "TEST"),
        CancelWithdrawal("w1"),
        SubmitWithdrawal("w1"),
        ConfirmWithdrawal("w1"),
        FailWithdrawal("w1"),
        ReturnWithdrawal("w1"),
    ],
)
def test_a_withdrawal_takes_the_requirements_of_what_was_given_up_for_it(
    command: Command,
) -> None:
    assert steps_of([command], CASHIER) == [{WITHDRAWAL.key}, requirements("q2", "q3")]


def test_an_adjustment_takes_the_one_of_its_name_if_it_has_one() -> None:
    named = AdjustBalance("cash", EUR_5, "TEST", adjustment_id="a1")

    assert steps_of([named], CASHIER) == [{adjustment_key("a1")}]
    assert steps_of([WriteOffDebt("a1", EUR_5, "TEST")], CASHIER) == [{adjustment_key("a1")}]
    assert steps_of([AdjustBalance("cash", EUR_5, "TEST")], CASHIER) == [set()]


@pytest.mark.parametrize(
    "command",
    [
        SetAccountStatus(AccountStatus.FROZEN, "TEST"),
        SetLimit(LimitKind.LOSS, LimitPeriod.DAY, EUR_5),
        ConfirmLimitIncrease(LimitKind.LOSS, LimitPeriod.DAY),
    ],
)
def test_what_is_about_the_player_takes_nothing_else(command: Command) -> None:
    assert steps_of([command], CASHIER) == [set()]
