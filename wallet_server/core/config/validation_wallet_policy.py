"""Everything that is wrong with a wallet policy."""

from collections.abc import Iterator

from wallet_server.core.config.jurisdictions import JURISDICTIONS
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import OWN_FUNDS_LOCKED, UNKNOWN_JURISDICTION
from wallet_server.core.config.topology import (
    OWN_MONEY,
    BucketType,
    LockMode,
    Topology,
    Withdrawable,
)
from wallet_server.core.config.validation_limits import find_limit_problems
from wallet_server.core.config.validation_names import find_repetitions, negative_numbers
from wallet_server.core.config.validation_withdrawals import find_withdrawal_problems
from wallet_server.core.config.wallet_policy import WalletPolicy


def find_wallet_policy_problems(policy: WalletPolicy, topology: Topology) -> list[Problem]:
    """Returns everything that is wrong with a wallet policy in a topology."""
    methods = policy.deposits.methods_approved_at_once
    return [
        *find_jurisdiction_problems(policy, topology),
        *find_repetitions(methods, "deposits.methods_approved_at_once[{}]"),
        *find_withdrawal_problems(policy),
        *negative_numbers({"adjustments.four_eyes_from": policy.adjustments.four_eyes_from}),
        *find_limit_problems(policy.limits, topology),
    ]


def find_jurisdiction_problems(policy: WalletPolicy, topology: Topology) -> Iterator[Problem]:
    """Yields what the law that a wallet policy names has against a topology.

    A jurisdiction that is not known would promise rules that nothing keeps. In the
    United Kingdom the player's own money may always leave: nothing may lock it, and
    withdrawals must reach it.
    """
    path, law = "jurisdiction", policy.jurisdiction
    if law not in JURISDICTIONS:
        yield Problem(path, UNKNOWN_JURISDICTION, f"the rules of {law} are not known")
    elif not JURISDICTIONS[law].locks_own_money:
        for bucket in topology.buckets:
            if bucket.bucket_class in OWN_MONEY:
                for missing in kept_in_by(bucket, topology):
                    message = f"{law}: {bucket.code} must {missing}"
                    yield Problem(path, OWN_FUNDS_LOCKED, message)


def kept_in_by(bucket: BucketType, topology: Topology) -> Iterator[str]:
    """Yields what a bucket must be so that its money can leave at any time, and is not."""
    if bucket.lock_mode is not LockMode.NONE:
        yield "have lock_mode NONE"
    if bucket.withdrawable is Withdrawable.NEVER:
        yield "not be withdrawable NEVER"
    elif bucket.code not in topology.withdraw_order:
        yield "be in withdraw_order"
