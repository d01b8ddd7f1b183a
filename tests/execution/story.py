"""A wallet's life in which everything happens at least once, for those who look at all of it.

It has acts: time passes between them, and stands still within them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.execution.story_of_cashier import LATER_STILL, MONEY_IN, MONEY_OUT
from tests.execution.story_of_draining import DRAINING
from tests.execution.vocabulary import Caller, authorize, settle, sports_bet
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    CancelRolling,
    CashOutBet,
    CloseRound,
    Command,
    CompleteRolling,
    CreditPromotion,
    CreditWin,
    ExpireCoupons,
    ForfeitBonus,
    GrantCoupon,
    OpenWallet,
    PlayRound,
    ReleaseSuspense,
    ReversePromotion,
    RevokeCoupon,
    RollbackRound,
    RollbackTransaction,
    RoundBet,
    RoundWin,
    SettleBet,
    TransferFunds,
    UnsettleBet,
)
from wallet_server.core.coupons.grant import CouponTerms, UseMode
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.promotions.promotion import ReversalMode
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.executor import Executor

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
SLOTS = "lucky-slots"


@dataclass
class Clock:
    """Tells the time that the story has."""

    time: datetime = START

    def __call__(self) -> datetime:
        """Returns the time."""
        return self.time

    def wait(self, days: float) -> None:
        """Lets time pass."""
        self.time += timedelta(days=days)


def eur(minor_units: int) -> Amount:
    """Returns an amount of money."""
    return Amount("EUR", minor_units)


def adjust(bucket: str, minor_units: int) -> AdjustBalance:
    """Adds to a bucket, or takes away."""
    return AdjustBalance(bucket, eur(minor_units), "TEST")


def coupon(
    grant_id: str,
    minor_units: int,
    *,
    days: int = 30,
    uses_max: int | None = None,
    use_mode: UseMode = UseMode.PARTIAL_OK,
) -> GrantCoupon:
    """Grants a coupon, valid for so many days."""
    terms = CouponTerms("sports_normal", uses_max=uses_max, use_mode=use_mode)
    return GrantCoupon(grant_id, eur(minor_units), START + timedelta(days=days), terms)


def by_coupon(bet_ref: str, stake: int, grant_id: str) -> AuthorizeBet:
    """Places a bet at the sportsbook that a coupon pays for."""
    return AuthorizeBet(sports_bet(bet_ref), eur(stake), coupon_grant_id=grant_id)


def slots_bet(bet_ref: str, stake: int, round_ref: str = "", *, free: bool = False) -> AuthorizeBet:
    """Places a bet in a round of slots."""
    return AuthorizeBet(BetKey(SLOTS, bet_ref), eur(stake), round_ref, free_round=free)


def win(
    win_ref: str,
    minor_units: int,
    round_ref: str = "",
    *,
    kind: WinKind = WinKind.ROUND,
    bet_ref: str = "",
    pool: str = "",
) -> CreditWin:
    """Credits a win of slots."""
    return CreditWin(BetKey(SLOTS, win_ref), eur(minor_units), kind, round_ref, bet_ref, pool)


def back(ref: str) -> RollbackTransaction:
    """Rolls a transaction of slots back."""
    return RollbackTransaction(BetKey(SLOTS, ref))


def play(round_ref: str, *, close: bool = True) -> PlayRound:
    """Plays a round of slots with two bets and a win."""
    bets = (RoundBet(f"{round_ref}-b1", eur(100)), RoundBet(f"{round_ref}-b2", eur(50)))
    return PlayRound(SLOTS, round_ref, bets, (RoundWin(f"{round_ref}-w", eur(90)),), close)


BETS: list[Command] = [
    OpenWallet(),
    ApproveDeposit("deposit", "sports_normal", eur(10_000)),
    adjust("sports_bonus", 2_000),
    AdjustBalance("points", Amount("PTS", 50), "TEST"),
    authorize("won", 10_000),
    settle("won", 24_000),
    settle("won", 23_000),  # Refused: the version is known, with another payout.
    authorize("open", 500),
    authorize("partly", 1_000),
    authorize("unsettled", 700),
    settle("unsettled", 0),
    UnsettleBet(sports_bet("unsettled"), 2),
    authorize("rolled-back", 300),
    RollbackTransaction(sports_bet("rolled-back")),
    RollbackTransaction(sports_bet("rolled-back")),  # Already rolled back.
    RollbackTransaction(sports_bet("never-seen")),  # A tombstone.
    authorize("never-seen", 100),  # Declined.
    authorize("too-large", 1_000_000),  # Declined, and remembered.
    RollbackTransaction(sports_bet("too-large")),  # Its parent was declined.
    adjust("sports_normal", -20_000),
    settle("won", 5_000, result_version=2),  # A correction into debt.
    AuthorizeBet(BetKey(SLOTS, "no-money"), eur(100)),
]

CASH_OUTS: list[Command] = [
    adjust("sports_normal", 50_000),
    authorize("cashed", 1_000),
    CashOutBet(sports_bet("cashed"), sports_bet("cash-out-1"), eur(600), eur(500)),
    RollbackTransaction(sports_bet("cash-out-1")),
    CashOutBet(sports_bet("cashed"), sports_bet("cash-out-2"), eur(450), eur(400)),
    settle("cashed", 900),  # Some of it repays debt.
    authorize("unsettled-cash", 300),
    CashOutBet(sports_bet("unsettled-cash"), sports_bet("cash-out-3"), eur(200)),
    UnsettleBet(sports_bet("unsettled-cash"), 1, ("cash-out-3",)),
]

COUPONS: list[Command] = [
    coupon("free-bet", 3_000),
    by_coupon("by-coupon", 1_000, "free-bet"),
    settle("by-coupon", 2_500),
    by_coupon("on-revoked", 500, "free-bet"),
    RevokeCoupon("free-bet", "TEST"),
    RollbackTransaction(sports_bet("on-revoked")),  # What it gives back is the house's.
    coupon("voided", 600),
    by_coupon("void", 600, "voided"),
    SettleBet(sports_bet("void"), 1, eur(0), refund=eur(600)),
    by_coupon("used-again", 600, "voided"),
    settle("used-again", 0),
    settle("void", 0, result_version=2),  # The coupon has nothing left: the house stands in.
    coupon("single", 800, use_mode=UseMode.SINGLE_USE_FORFEIT_REMAINDER, uses_max=1),
    by_coupon("on-single", 300, "single"),
    settle("on-single", 1_000),
    coupon("gift", 200),
    ReversePromotion("gift"),
    coupon("forfeited", 150),
    RevokeCoupon("forfeited", "TEST", forfeit=True),
    coupon("expiring", 400, days=1),
    by_coupon("on-expired", 100, "expiring"),
    coupon("lasting", 700, days=90),
    by_coupon("on-lasting", 200, "lasting"),
]

ROUNDS: list[Command] = [
    adjust("casino_normal", 5_000),
    slots_bet("b1", 100, "r1"),
    slots_bet("b2", 200, "r1"),
    win("w1", 450, "r1"),
    win("w2", 160, "r1"),
    back("w2"),
    back("b2"),
    CloseRound(SLOTS, "r1"),
    win("w3", 70, "r1"),  # Late.
    slots_bet("b3", 10, "r1"),  # Declined: the round is closed.
    play("r2"),
    play("r3", close=False),
    RollbackRound(SLOTS, "r3"),
    RollbackRound(SLOTS, "r-never", ("never-b", "never-w")),
    slots_bet("never-b", 10),  # Declined: a tombstone.
    play("r4", close=False),
    slots_bet("r4-b3", 60, "r4"),
    SettleBet(BetKey(SLOTS, "r4-b1"), 1, eur(0)),
    slots_bet("alone", 100),
    win("alone-w", 300, bet_ref="alone"),
    back("alone"),  # Its win goes along.
    slots_bet("stands", 100),
    win("stands-w", 300, bet_ref="stands"),
    slots_bet("free", 0, "r5", free=True),
    win("free-w", 120, "r5", kind=WinKind.FREE_ROUND),  # Opens a requirement.
    win("jackpot-w", 5_000, "r5", kind=WinKind.JACKPOT, pool="mega"),
    win("prize-w", 40, kind=WinKind.PROMO_WIN),
    win("undone-w", 30, kind=WinKind.FREE_ROUND),
    back("undone-w"),
]

TIMES_ONE = RollingTerms(10_000)
EXPIRING = RollingTerms(30_000, expires_after_seconds=3_600)
CAPPED = RollingTerms(10_000, release_target="withdrawable", conversion_cap=100)

PROMOTIONS: list[Command] = [
    CreditPromotion("welcome", "casino_normal", eur(1_000), rolling=TIMES_ONE),
    slots_bet("b6", 400, "r6"),
    CloseRound(SLOTS, "r6"),
    TransferFunds("casino_normal", "sports_normal", eur(500)),  # The requirement is split.
    slots_bet("b7", 900, "r7"),
    CloseRound(SLOTS, "r7"),
    CompleteRolling("PROMOTION:welcome"),
    ReversePromotion("welcome"),
    CreditPromotion("points", "points", Amount("PTS", 400)),
    TransferFunds("points", "sports_normal", Amount("PTS", 300)),
    ReversePromotion("points", ReversalMode.STRICT),  # Refused: it is spent.
    ReversePromotion("points"),
    CreditPromotion("fraud", "points", Amount("PTS", 60)),
    AdjustBalance("points", Amount("PTS", -60), "TEST"),
    ReversePromotion("fraud", ReversalMode.DEBT),
    CreditPromotion("bonus", "casino_bonus", eur(500), rolling=CAPPED),
    CancelRolling("WIN:lucky-slots/free-w", reason_code="TEST"),
    ReversePromotion("never-came"),
    CreditPromotion("expires", "sports_bonus", eur(300), rolling=EXPIRING),
    CreditPromotion("given-up", "sports_bonus", eur(200), rolling=TIMES_ONE),
    CancelRolling("PROMOTION:given-up", forfeit=True, reason_code="TEST"),
]

LATER: list[Command] = [
    ExpireCoupons(),
    RollbackTransaction(sports_bet("on-expired")),  # Its coupon lives again.
    CloseRound(SLOTS, "r4", implicit=True),
    win("late-1", 80, "r1"),  # In suspense, as all of the next.
    win("late-2", 90, "r1"),
    win("late-3", 95, "r1"),
    ReleaseSuspense(BetKey(SLOTS, "late-1"), credit=True, reason_code="TEST"),
    ReleaseSuspense(BetKey(SLOTS, "late-2"), credit=False, reason_code="TEST"),
    CancelRolling("PROMOTION:expires", expired=True),
    ForfeitBonus("casino_bonus", "TEST"),
]

ACTS: list[list[Command]] = [
    [*BETS, *CASH_OUTS, *COUPONS, *ROUNDS, *PROMOTIONS, *MONEY_IN],
    [*LATER, *MONEY_OUT],
    [*DRAINING, *LATER_STILL],
]

DAYS_BETWEEN = 4
"""How long is between acts: by the second, windows are over and coupons expired."""

STORY = [command for act in ACTS for command in act]

REQUESTS = [f"request-{number:02}" for number in range(len(STORY))]


async def tell(executor: Executor, wallet: WalletRef, clock: Clock) -> list[str]:
    """Sends all commands, one after the other. Returns what each was answered, in a word."""
    answers: list[str] = []
    requests = iter(REQUESTS)
    for number, act in enumerate(ACTS):
        clock.wait(days=DAYS_BETWEEN if number else 0)
        for command in act:
            try:
                answered = await Caller(executor, wallet).send(next(requests), command)
                answers.append(answered.answer.outcome.value if answered.answer.outcome else "")
            except RefusedError as error:
                answers.append(error.refusal.reason)
    return answers
