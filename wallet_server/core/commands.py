"""What callers may ask for. A command is a value, for one wallet.

Its `request_id`, wallet and correlation id are not part of it: they say who asks
and for what, not what is asked. A new field needs a default, so that commands
recorded before it keep their fingerprint.
"""

from typing import TypeAlias

from wallet_server.core.bets.bet import ResultKind
from wallet_server.core.ids import BetKey
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
    """Undoes a bet, or keeps one that has not arrived from being placed."""

    bet: BetKey
    amount: Amount | None = None


Command: TypeAlias = (
    OpenWallet
    | ApproveDeposit
    | AdjustBalance
    | AuthorizeBet
    | SettleBet
    | UnsettleBet
    | RollbackTransaction
)

COMMANDS: tuple[type[Command], ...] = (
    OpenWallet,
    ApproveDeposit,
    AdjustBalance,
    AuthorizeBet,
    SettleBet,
    UnsettleBet,
    RollbackTransaction,
)
