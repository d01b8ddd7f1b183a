"""Refusals of withdrawals, and of decisions on them."""

from wallet_server.core.refusals.kinds import Conflict, Declined, Forbidden, NotFound, Unidentified
from wallet_server.core.value import value


@value
class WithdrawalNotFound(NotFound):
    """The wallet has no such withdrawal."""

    reason = "WITHDRAWAL_NOT_FOUND"
    message = "no withdrawal {withdrawal_id}"

    withdrawal_id: str


@value
class InsufficientWithdrawable(Declined):
    """Less may be withdrawn than is asked for, and no rolling would free more."""

    reason = "INSUFFICIENT_WITHDRAWABLE"
    message = "{withdrawable} may be withdrawn, {required} required"

    required: int
    withdrawable: int


@value
class AboveMaximum(Declined):
    """The amount is above the most that one withdrawal may be."""

    reason = "ABOVE_MAXIMUM"
    message = "at most {maximum}"

    maximum: int


@value
class BonusForfeitureRequired(Declined):
    """The withdrawal would end bonus money, and the player has not agreed.

    `forfeits` names each bucket with its amount: `SB=25, CB=3`.
    """

    reason = "BONUS_FORFEITURE_REQUIRED"
    message = "a withdrawal forfeits {forfeits}"

    forfeits: str
    amount: int


@value
class DebtOutstanding(Declined):
    """The player owes money."""

    reason = "DEBT_OUTSTANDING"
    message = "{owed} owed"

    owed: int


@value
class PendingWithdrawalLimit(Declined):
    """The wallet has as many withdrawals under way as it may have."""

    reason = "PENDING_WITHDRAWAL_LIMIT"
    message = "at most {limit} withdrawals may be under way"

    limit: int


@value
class ReverseWithdrawalForbidden(Declined):
    """The player may not take a withdrawal back: the law, or the wallet policy, says so."""

    reason = "REVERSE_WITHDRAWAL_FORBIDDEN"
    message = "withdrawals may not be taken back"


@value
class SelfApproval(Forbidden):
    """Who asked for it, or gains by it, may not decide on it."""

    reason = "SELF_APPROVAL"
    message = "{actor} may not decide on what {actor} asked for or gains by"

    actor: str


@value
class ApproverAlreadyDecided(Conflict):
    """This person has approved before."""

    reason = "APPROVER_ALREADY_DECIDED"
    message = "{actor} has approved before"

    actor: str


@value
class RoleRequired(Forbidden):
    """Who asks acts in none of the roles that this takes."""

    reason = "ROLE_REQUIRED"
    message = "takes one of the roles {roles}"

    roles: str


@value
class ActorRequired(Unidentified):
    """Nobody says who asks, and it matters."""

    reason = "ACTOR_REQUIRED"
    message = "who asks for this must be known"


@value
class ActorNotAccepted(Unidentified):
    """The call says who asks, in a way that the server does not believe."""

    reason = "ACTOR_NOT_ACCEPTED"
    message = "who asks is not taken from the call's metadata here"


@value
class ApprovalRequired(Declined):
    """So large an adjustment takes a second person, who sends it too, under its `adjustment_id`.

    The first person's word is kept if it had one.
    """

    reason = "APPROVAL_REQUIRED"
    message = "adjustments from {four_eyes_from} on take a second person"

    four_eyes_from: int
    adjustment_id: str
