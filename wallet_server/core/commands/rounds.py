"""Commands on rounds and wins."""

from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.commands.amount import Amount
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.value import value


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
    """Decides on a win that came too late: credits it, or returns it to the house.

    It is the same whoever decides. `actor` is none but the player, who may not.
    """

    win: BetKey
    credit: bool
    reason_code: str
    comment: str = ""
    actor: Actor = NOBODY
