"""Refusals of rounds, wins and cash-outs."""

from wallet_server.core.refusals.kinds import Declined, Invalid, NotFound
from wallet_server.core.value import value


@value
class RoundNotFound(NotFound):
    """No round has this reference, yet."""

    reason = "ROUND_NOT_FOUND"
    message = "there is no round {round_ref} yet"

    round_ref: str


@value
class RoundClosed(Declined):
    """The round takes no more bets."""

    reason = "ROUND_CLOSED"
    message = "round {round_ref} is closed"

    round_ref: str


@value
class RoundCancelled(Declined):
    """The round was rolled back."""

    reason = "ROUND_CANCELLED"
    message = "round {round_ref} was cancelled"

    round_ref: str


@value
class RoundLimit(Declined):
    """The round has as many bets and wins as a round may have."""

    reason = "ROUND_LIMIT"
    message = "round {round_ref} has {max} bets and wins already"

    round_ref: str
    max: int


@value
class StakeRequired(Invalid):
    """A bet that is no free round must have a stake."""

    reason = "STAKE_REQUIRED"
    message = "the stake must be positive unless it is a free round"


@value
class WinNotFound(NotFound):
    """No win has this reference, yet."""

    reason = "WIN_NOT_FOUND"
    message = "there is no win {win_ref} yet"

    win_ref: str


@value
class WinNotSuspended(Declined):
    """The win does not wait for a decision."""

    reason = "WIN_NOT_SUSPENDED"
    message = "win {win_ref} is {state}, not SUSPENDED"

    win_ref: str
    state: str


@value
class WinDestinationMissing(Declined):
    """The active policy does not say where wins of the kind go."""

    reason = "WIN_DESTINATION_MISSING"
    message = "the policy of {provider_type} has no destination for {kind}"

    provider_type: str
    kind: str


@value
class CashOutNotAllowedForCoupon(Declined):
    """A coupon paid part of the bet, and its terms rule out a cash-out."""

    reason = "CASHOUT_NOT_ALLOWED_FOR_COUPON"
    message = "coupon {grant_id} does not allow cash-outs"

    grant_id: str
