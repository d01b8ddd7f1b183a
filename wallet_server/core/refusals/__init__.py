"""Every way the wallet says no.

A refusal is an answer, not an exception: the command was understood, and the
rules say no. Its kind decides what becomes of it. Declined and forbidden commands
are recorded, and their answer is the same for ever; the others are not recorded
and may be sent again.

A refusal's fields are the facts its message mentions, and become the metadata of
the `ErrorInfo` that callers see. To add one, define it in its module,
list it in `REFUSALS`, and add its reason to `error_reason.proto`: a test holds them equal.
"""

from collections.abc import Callable, Mapping
from typing import cast

from wallet_server.core.refusals.bets import (
    AmountMismatch,
    BetAlreadySettled,
    BetNotFound,
    BetRolledBack,
    BetTombstoned,
    CorrectionShort,
    IllegalTransition,
    MaxStakeWithBonus,
    PayoutWithoutStake,
    PolicyMissing,
    PortionLimit,
    PortionNotFound,
    PortionRefRequired,
    PortionTooLarge,
    ProviderUnmapped,
    RefundExceedsStake,
    ResultInconsistent,
    ResultVersionConflict,
    SelectedSourceNotAllowed,
    SelectedSourceRequired,
)
from wallet_server.core.refusals.cashier import (
    AccountBetBlocked,
    AccountClosed,
    AccountFrozen,
    AccountSelfExcluded,
    BucketDraining,
    BucketFrozen,
    BucketNotAdjustable,
    BucketNotDepositable,
    InsufficientFunds,
)
from wallet_server.core.refusals.kinds import (
    Conflict,
    Declined,
    Forbidden,
    Invalid,
    NotFound,
    Refusal,
)
from wallet_server.core.refusals.lookups import (
    AmountOutOfRange,
    AnswerNotFound,
    BucketUnknownInTopology,
    CurrencyMismatch,
    CurrencyNotSupported,
    PageTokenInvalid,
    PolicyNotFound,
    ProviderProfileNotFound,
    RequestIdReused,
    TenantNotFound,
    TopologyNotFound,
    TransactionPayloadMismatch,
    WalletNotFound,
)

REFUSALS: tuple[type[Refusal], ...] = (
    TenantNotFound,
    WalletNotFound,
    BetNotFound,
    PortionLimit,
    PortionNotFound,
    AnswerNotFound,
    TopologyNotFound,
    PolicyNotFound,
    ProviderProfileNotFound,
    RequestIdReused,
    TransactionPayloadMismatch,
    CurrencyMismatch,
    CurrencyNotSupported,
    AmountOutOfRange,
    BucketUnknownInTopology,
    SelectedSourceRequired,
    SelectedSourceNotAllowed,
    PortionRefRequired,
    RefundExceedsStake,
    PayoutWithoutStake,
    ResultInconsistent,
    AmountMismatch,
    PageTokenInvalid,
    AccountBetBlocked,
    AccountSelfExcluded,
    AccountFrozen,
    AccountClosed,
    BucketNotDepositable,
    BucketNotAdjustable,
    BucketDraining,
    BucketFrozen,
    InsufficientFunds,
    ProviderUnmapped,
    PolicyMissing,
    MaxStakeWithBonus,
    BetTombstoned,
    BetRolledBack,
    BetAlreadySettled,
    IllegalTransition,
    ResultVersionConflict,
    PortionTooLarge,
    CorrectionShort,
)

REFUSAL_BY_REASON = {refusal.reason: refusal for refusal in REFUSALS}


def refusal_of(reason: str, details: Mapping[str, str | int]) -> Refusal:
    """Returns a refusal as it was recorded."""
    kind = cast("Callable[..., Refusal]", REFUSAL_BY_REASON[reason])
    return kind(**details)


__all__ = [
    "REFUSALS",
    "REFUSAL_BY_REASON",
    "AccountBetBlocked",
    "AccountClosed",
    "AccountFrozen",
    "AccountSelfExcluded",
    "AmountMismatch",
    "AmountOutOfRange",
    "AnswerNotFound",
    "BetAlreadySettled",
    "BetNotFound",
    "BetRolledBack",
    "BetTombstoned",
    "BucketDraining",
    "BucketFrozen",
    "BucketNotAdjustable",
    "BucketNotDepositable",
    "BucketUnknownInTopology",
    "Conflict",
    "CorrectionShort",
    "CurrencyMismatch",
    "CurrencyNotSupported",
    "Declined",
    "Forbidden",
    "IllegalTransition",
    "InsufficientFunds",
    "Invalid",
    "MaxStakeWithBonus",
    "NotFound",
    "PageTokenInvalid",
    "PayoutWithoutStake",
    "PolicyMissing",
    "PolicyNotFound",
    "PortionLimit",
    "PortionNotFound",
    "PortionRefRequired",
    "PortionTooLarge",
    "ProviderProfileNotFound",
    "ProviderUnmapped",
    "RefundExceedsStake",
    "Refusal",
    "RequestIdReused",
    "ResultInconsistent",
    "ResultVersionConflict",
    "SelectedSourceNotAllowed",
    "SelectedSourceRequired",
    "TenantNotFound",
    "TopologyNotFound",
    "TransactionPayloadMismatch",
    "WalletNotFound",
    "refusal_of",
]
