"""Commands on the player, which hold for all of the player's wallets."""

from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.commands.amount import Amount
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.value import value


@value
class SetAccountStatus:
    """Puts the player's account into a state."""

    status: AccountStatus
    reason_code: str
    comment: str = ""
    actor: Actor = NOBODY


@value
class SetLimit:
    """Limits what the player may do in a period. No amount takes the limit away.

    What makes a limit stricter holds at once; anything else waits, and must be confirmed.
    """

    kind: LimitKind
    period: LimitPeriod
    amount: Amount | None
    actor: Actor = NOBODY


@value
class ConfirmLimitIncrease:
    """Has a limit that was raised, or taken away, hold from now on.

    `lapsed` is for the scheduler: it drops what nobody has confirmed in time, and does nothing
    before that.
    """

    kind: LimitKind
    period: LimitPeriod
    lapsed: bool = False
    actor: Actor = NOBODY
