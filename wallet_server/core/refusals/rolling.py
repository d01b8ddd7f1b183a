"""Refusals of transfers and rolling requirements."""

from wallet_server.core.refusals.kinds import Declined, Invalid, NotFound
from wallet_server.core.value import value


@value
class TransferEdgeNotAllowed(Declined):
    """The active topology has no such way for money, or it is off."""

    reason = "TRANSFER_EDGE_NOT_ALLOWED"
    message = "the topology lets nothing from {source} to {target}"

    source: str
    target: str


@value
class RollingOpen(Declined):
    """An open rolling requirement holds the money where it is.

    Of a withdrawal it says too how much may be withdrawn, and how much requirements lock.
    """

    reason = "ROLLING_OPEN"
    message = "{remaining} must still be wagered"

    remaining: int
    withdrawable: int = 0
    locked: int = 0


@value
class AmountNotMultiple(Invalid):
    """The amount is not one that the edge transfers whole."""

    reason = "AMOUNT_NOT_MULTIPLE"
    message = "{amount} is not a multiple of {multiple_of}"

    amount: int
    multiple_of: int


@value
class BelowMinimum(Invalid):
    """The amount is less than the edge transfers, or than a withdrawal must be."""

    reason = "BELOW_MINIMUM"
    message = "{amount} is less than {minimum}"

    amount: int
    minimum: int


@value
class TransferCap(Declined):
    """The edge transfers only so much a day."""

    reason = "TRANSFER_CAP"
    message = "{used} of {cap} are used today"

    cap: int
    used: int


@value
class RequirementNotFound(NotFound):
    """The wallet has no rolling requirement of this id."""

    reason = "REQUIREMENT_NOT_FOUND"
    message = "there is no requirement {requirement_id}"

    requirement_id: str


@value
class RollingVersionStale(Declined):
    """The requirement has changed since the caller saw it."""

    reason = "ROLLING_VERSION_STALE"
    message = "requirement {requirement_id} is at revision {revision}"

    requirement_id: str
    revision: int


@value
class RollingNotFulfilled(Declined):
    """The requirement is not fulfilled."""

    reason = "ROLLING_NOT_FULFILLED"
    message = "requirement {requirement_id} is {state} with {remaining} to be wagered"

    requirement_id: str
    state: str
    remaining: int
