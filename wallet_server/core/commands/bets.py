"""Commands on bets."""

from wallet_server.core.bets.bet import ResultKind, ResultOrdering
from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.commands.amount import Amount
from wallet_server.core.ids import BetKey
from wallet_server.core.value import value


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
    caller did not say. `ordering` is none for the provider's; no content, and never compared.
    """

    bet: BetKey
    result_version: int
    payout: Amount
    portion_ref: str = ""
    stake: Amount | None = None
    refund: Amount | None = None
    result_kind: ResultKind | None = None
    ordering: ResultOrdering | None = None


@value
class UnsettleBet:
    """Takes back results: those of the named portions, or all. `ordering`: as in `SettleBet`."""

    bet: BetKey
    result_version: int
    portion_refs: tuple[str, ...] = ()
    ordering: ResultOrdering | None = None


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
class ReplanAuthorization:
    """Sends what an open bet would give back or pay to a bucket to another instead.

    `bucket` is being emptied, or is retired. Two persons must send it, under one `adjustment_id`.
    """

    bet: BetKey
    bucket: str
    successor: str
    adjustment_id: str
    reason_code: str
    comment: str = ""
    actor: Actor = NOBODY
