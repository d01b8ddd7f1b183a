"""Refusals of bets."""

from wallet_server.core.refusals.kinds import Declined, Invalid, NotFound
from wallet_server.core.value import value


@value
class BetNotFound(NotFound):
    """No bet has this reference, yet. The provider's retry will find it."""

    reason = "BET_NOT_FOUND"
    message = "there is no bet {bet_ref} yet"

    bet_ref: str


@value
class PortionNotFound(NotFound):
    """The bet has no portion of this name."""

    reason = "PORTION_NOT_FOUND"
    message = "bet {bet_ref} has no portion {portion_ref}"

    bet_ref: str
    portion_ref: str


@value
class SelectedSourceRequired(Invalid):
    """The policy lets the player choose what pays, and nothing was chosen."""

    reason = "SELECTED_SOURCE_REQUIRED"
    message = "selected_source must be one of: {choices}"

    choices: str


@value
class SelectedSourceNotAllowed(Invalid):
    """The policy does not offer what was chosen; `choices` is empty if nothing may be."""

    reason = "SELECTED_SOURCE_NOT_ALLOWED"
    message = "selected_source {selected_source} is not one of: {choices}"

    selected_source: str
    choices: str


@value
class PortionRefRequired(Invalid):
    """A part of the stake has no name. Only all that is left may go without."""

    reason = "PORTION_REF_REQUIRED"
    message = "a portion of {stake} out of {remaining} needs a portion_ref"

    stake: int
    remaining: int


@value
class RefundExceedsStake(Invalid):
    """More is refunded than the portion's stake."""

    reason = "REFUND_EXCEEDS_STAKE"
    message = "a refund of {refund} exceeds the portion's stake of {stake}"

    refund: int
    stake: int


@value
class PayoutWithoutStake(Invalid):
    """Something is paid though all of the stake is refunded."""

    reason = "PAYOUT_WITHOUT_STAKE"
    message = "a payout of {payout} needs stake that is not refunded"

    payout: int


@value
class ResultInconsistent(Invalid):
    """The kind of a result and its amounts contradict each other."""

    reason = "RESULT_INCONSISTENT"
    message = (
        "a result cannot be {result_kind} with payout {payout}, refund {refund} and stake {stake}"
    )

    result_kind: str
    payout: int
    refund: int
    stake: int


@value
class AmountMismatch(Invalid):
    """The amount is not that of the transaction. Transactions are rolled back whole.

    Of a payout: it is nothing, or more than was asked for.
    """

    reason = "AMOUNT_MISMATCH"
    message = "the transaction is of {expected}, not of {actual}"

    expected: int
    actual: int


@value
class ProviderUnmapped(Declined):
    """No active provider profile maps the provider to a type."""

    reason = "PROVIDER_UNMAPPED"
    message = "provider {provider_id} has no active profile"

    provider_id: str


@value
class PolicyMissing(Declined):
    """No active policy governs the provider's type."""

    reason = "POLICY_MISSING"
    message = "provider type {provider_type} has no active policy"

    provider_type: str


@value
class MaxStakeWithBonus(Declined):
    """Restricted money may not have a part in so large a stake."""

    reason = "MAX_STAKE_WITH_BONUS"
    message = "a stake of {stake} with restricted money exceeds {max}"

    stake: int
    max: int


@value
class BetTombstoned(Declined):
    """The bet was rolled back before it arrived and never may be placed."""

    reason = "BET_TOMBSTONED"
    message = "bet {bet_ref} was rolled back before it arrived"

    bet_ref: str


@value
class BetRolledBack(Declined):
    """The bet was undone, or never may be placed."""

    reason = "BET_ROLLED_BACK"
    message = "bet {bet_ref} is rolled back"

    bet_ref: str


@value
class BetAlreadySettled(Declined):
    """The bet is settled, and its provider may not roll back settled bets."""

    reason = "BET_ALREADY_SETTLED"
    message = "bet {bet_ref} is settled and may not be rolled back"

    bet_ref: str


@value
class IllegalTransition(Declined):
    """The bet is in a state that the command cannot start from.

    So may be a deposit or a withdrawal: `bet_ref` is its id then.
    """

    reason = "ILLEGAL_TRANSITION"
    message = "{command} cannot start where {bet_ref} is {state}"

    bet_ref: str
    state: str
    command: str


@value
class ResultVersionConflict(Declined):
    """This version of the result said something else before."""

    reason = "RESULT_VERSION_CONFLICT"
    message = "version {result_version} of the result of bet {bet_ref} said something else"

    bet_ref: str
    result_version: int


@value
class PortionTooLarge(Declined):
    """The portion exceeds the stake that has no result yet."""

    reason = "PORTION_TOO_LARGE"
    message = "a portion of {stake} exceeds the {remaining} without a result"

    stake: int
    remaining: int


@value
class CorrectionShort(Declined):
    """The correction takes back more than there is, and that may not become debt."""

    reason = "CORRECTION_SHORTFALL"
    message = "the correction of bet {bet_ref} is {short} short"

    bet_ref: str
    short: int


@value
class PortionLimit(Declined):
    """The bet has had as many portions as a bet may have."""

    reason = "PORTION_LIMIT"
    message = "bet {bet_ref} has had {max} portions, and may have no more"

    bet_ref: str
    max: int


@value
class BucketNotInPlan(Invalid):
    """The bet gives nothing to the bucket, or does so no more."""

    reason = "BUCKET_NOT_IN_PLAN"
    message = "bet {bet_ref} sends nothing to bucket {bucket}"

    bet_ref: str
    bucket: str
