"""What callers may ask for. A command is a value, for one wallet.

Its `request_id`, wallet and correlation id are not part of it: they say who asks
and for what, not what is asked. A new field needs a default, so that commands
recorded before it keep their fingerprint.
"""

from datetime import datetime
from typing import TypeAlias

from wallet_server.core.bets.bet import ResultKind
from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.promotions.promotion import PromotionKind, ReversalMode
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.value import value


@value
class Amount:
    """An amount as it was asked for, with the asset the caller named."""

    asset_code: str
    minor_units: int


@value
class OpenWallet:
    """Opens the wallet."""


@value
class ApproveDeposit:
    """Credits money that has arrived."""

    deposit_id: str
    bucket: str
    amount: Amount


@value
class AdjustBalance:
    """Adds to a bucket, or takes away, by an operator's decision."""

    bucket: str
    amount: Amount
    reason_code: str
    comment: str = ""


@value
class AuthorizeBet:
    """Takes a stake."""

    bet: BetKey
    stake: Amount
    round_ref: str = ""
    selected_source: str = ""
    coupon_grant_id: str = ""
    free_round: bool = False
    context: BetContext = NO_CONTEXT


@value
class SettleBet:
    """Gives a bet, or a part of it, its result.

    `stake` is the portion's; none for all that is left. `refund` is none where the
    caller did not say.
    """

    bet: BetKey
    result_version: int
    payout: Amount
    portion_ref: str = ""
    stake: Amount | None = None
    refund: Amount | None = None
    result_kind: ResultKind | None = None


@value
class UnsettleBet:
    """Takes back results: those of the named portions, or all."""

    bet: BetKey
    result_version: int
    portion_refs: tuple[str, ...] = ()


@value
class RollbackTransaction:
    """Undoes a bet, a win or a cash-out, or keeps one that has not arrived from coming.

    `bet` is its reference, whichever of them it is of.
    """

    bet: BetKey
    amount: Amount | None = None


@value
class CashOutBet:
    """Pays a bet, or a part of it, before it has its result.

    `cash_out` is the cash-out's own reference, and the name of the portion that it makes.
    `stake` is the portion's; none for all that is left.
    """

    bet: BetKey
    cash_out: BetKey
    payout: Amount
    stake: Amount | None = None


@value
class CreditWin:
    """Credits a win to a round or to a bet; or to neither, for kinds that need none.

    `pool` is the jackpot that pays. A `summary` says again what was paid before, and
    moves nothing unless the provider's profile has it move money.
    """

    win: BetKey
    amount: Amount
    kind: WinKind = WinKind.ROUND
    round_ref: str = ""
    bet_ref: str = ""
    pool: str = ""
    summary: bool = False


@value
class CloseRound:
    """Ends a round: stake that is still open is played.

    `implicit` is for the scheduler: it does nothing before the round's time has come.
    """

    provider_id: str
    round_ref: str
    implicit: bool = False


@value
class RoundBet:
    """A bet of `PlayRound`."""

    bet_ref: str
    stake: Amount
    selected_source: str = ""
    coupon_grant_id: str = ""
    free_round: bool = False


@value
class RoundWin:
    """A win of `PlayRound`."""

    win_ref: str
    amount: Amount
    kind: WinKind = WinKind.ROUND
    pool: str = ""


@value
class PlayRound:
    """Places bets, credits wins, and closes the round if so said: all of it or nothing."""

    provider_id: str
    round_ref: str
    bets: tuple[RoundBet, ...] = ()
    wins: tuple[RoundWin, ...] = ()
    close: bool = True
    context: BetContext = NO_CONTEXT


@value
class RollbackRound:
    """Undoes a round: all its bets and wins, or nothing.

    References that have not arrived yet are kept from coming.
    """

    provider_id: str
    round_ref: str
    transaction_refs: tuple[str, ...] = ()


@value
class ReleaseSuspense:
    """Decides on a win that came too late: credits it, or returns it to the house."""

    win: BetKey
    credit: bool
    reason_code: str
    comment: str = ""


@value
class GrantCoupon:
    """Grants a coupon of so much value, usable from `valid_from`; from now on if that is none.

    `qualifying_provider_types` are the products that the player had to use to get it.
    """

    grant_id: str
    amount: Amount
    valid_until: datetime
    terms: CouponTerms
    valid_from: datetime | None = None
    qualifying_provider_types: tuple[str, ...] = ()


@value
class RevokeCoupon:
    """Takes a grant back, with what is left of it. `forfeit`: the player gave it up."""

    grant_id: str
    reason_code: str
    forfeit: bool = False


@value
class ExpireCoupons:
    """Ends the grants whose time has passed, or the one that is named if its has."""

    grant_id: str = ""


@value
class CreditPromotion:
    """Credits a promotion to a bucket, with a rolling requirement if it has terms for one.

    `qualifying_provider_types` are the products that the player had to use to get it.
    """

    promotion_id: str
    bucket: str
    amount: Amount
    kind: PromotionKind = PromotionKind.BONUS
    rolling: RollingTerms | None = None
    qualifying_provider_types: tuple[str, ...] = ()


@value
class ReversePromotion:
    """Takes a promotion or a coupon grant of that name back. Before it came, keeps it away."""

    promotion_id: str
    mode: ReversalMode = ReversalMode.PARTIAL
    reason_code: str = ""


@value
class ForfeitBonus:
    """Gives up what a bucket of restricted money holds, with the requirements on it."""

    bucket: str
    reason_code: str


@value
class TransferFunds:
    """Moves money along an edge of the topology. `amount` is of the source's asset."""

    source: str
    target: str
    amount: Amount


@value
class CompleteRolling:
    """Releases a fulfilled requirement. `revision` is the one that the caller has seen; 0 any."""

    requirement_id: str
    revision: int = 0


@value
class CancelRolling:
    """Ends a requirement that is not over. `forfeit`: with the bucket's restricted money.

    Otherwise what it locked is free. `expired` is for the scheduler: it does nothing before the
    requirement's time has come.
    """

    requirement_id: str
    revision: int = 0
    forfeit: bool = False
    expired: bool = False
    reason_code: str = ""


Command: TypeAlias = (
    OpenWallet
    | ApproveDeposit
    | AdjustBalance
    | AuthorizeBet
    | SettleBet
    | UnsettleBet
    | RollbackTransaction
    | CashOutBet
    | CreditWin
    | CloseRound
    | PlayRound
    | RollbackRound
    | ReleaseSuspense
    | GrantCoupon
    | RevokeCoupon
    | ExpireCoupons
    | CreditPromotion
    | ReversePromotion
    | ForfeitBonus
    | TransferFunds
    | CompleteRolling
    | CancelRolling
)

COMMANDS: tuple[type[Command], ...] = (
    OpenWallet,
    ApproveDeposit,
    AdjustBalance,
    AuthorizeBet,
    SettleBet,
    UnsettleBet,
    RollbackTransaction,
    CashOutBet,
    CreditWin,
    CloseRound,
    PlayRound,
    RollbackRound,
    ReleaseSuspense,
    GrantCoupon,
    RevokeCoupon,
    ExpireCoupons,
    CreditPromotion,
    ReversePromotion,
    ForfeitBonus,
    TransferFunds,
    CompleteRolling,
    CancelRolling,
)
