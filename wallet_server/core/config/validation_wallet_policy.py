"""What is wrong with a wallet policy: with what the law asks, and what it says of the cashier."""

from collections.abc import Iterator, Sequence

from wallet_server.core.config.jurisdictions import JURISDICTIONS, Jurisdiction
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    MAXIMUM_BELOW_MINIMUM,
    NOT_ASCENDING,
    OWN_FUNDS_LOCKED,
    REVERSES_WITHDRAWALS,
    UNKNOWN_JURISDICTION,
    WINDOW_BELOW_REQUEST,
    WINDOW_TOO_LONG,
)
from wallet_server.core.config.topology import OWN_MONEY, LockMode, Topology
from wallet_server.core.config.validation_limits import find_limit_problems
from wallet_server.core.config.validation_names import find_repetitions, negative_numbers
from wallet_server.core.config.wallet_policy import (
    DAY_SECONDS,
    ApprovalLevel,
    AutoApproval,
    WalletPolicy,
    WithdrawalRules,
)

WINDOW_DAYS_MAX = 31
"""The longest window of automatic approvals: what players have done is not counted for longer."""


def find_wallet_policy_problems(policy: WalletPolicy, topology: Topology) -> list[Problem]:
    """Returns everything that is wrong with a wallet policy in a topology."""
    methods = policy.deposits.methods_approved_at_once
    return [
        *find_jurisdiction_problems(policy, topology),
        *find_repetitions(methods, "deposits.methods_approved_at_once[{}]"),
        *find_withdrawal_problems(policy.withdrawals),
        *negative_numbers({"adjustments.four_eyes_from": policy.adjustments.four_eyes_from}),
        *find_limit_problems(policy.limits, topology),
    ]


def find_jurisdiction_problems(policy: WalletPolicy, topology: Topology) -> Iterator[Problem]:
    """Yields what the law that a wallet policy names does not allow.

    A jurisdiction that is not known would promise rules that nothing keeps. In the
    United Kingdom the player's own money may always leave, so nothing may lock it, and a
    withdrawal is not taken back.
    """
    law = JURISDICTIONS.get(policy.jurisdiction)
    if law is None:
        message = f"the rules of {policy.jurisdiction} are not known"
        yield Problem("jurisdiction", UNKNOWN_JURISDICTION, message)
        return
    if not law.locks_own_money:
        yield from locked_buckets(law, topology)
    if policy.withdrawals.reversible and not law.reverses_withdrawals:
        message = f"{law.code}: must be false"
        yield Problem("withdrawals.reversible", REVERSES_WITHDRAWALS, message)


def locked_buckets(law: Jurisdiction, topology: Topology) -> Iterator[Problem]:
    """Yields the buckets of the player's own money that rolling requirements lock."""
    for bucket in topology.buckets:
        if bucket.bucket_class in OWN_MONEY and bucket.lock_mode is not LockMode.NONE:
            message = f"{law.code}: {bucket.code} must have lock_mode NONE"
            yield Problem("jurisdiction", OWN_FUNDS_LOCKED, message)


def find_withdrawal_problems(rules: WithdrawalRules) -> Iterator[Problem]:
    """Yields what is wrong with what withdrawals must be."""
    path = "withdrawals"
    yield from negative_numbers(
        {f"{path}.minimum": rules.minimum, f"{path}.maximum": rules.maximum}
    )
    if rules.maximum is not None and rules.maximum < rules.minimum:
        message = f"{rules.maximum} is less than the minimum, {rules.minimum}"
        yield Problem(f"{path}.maximum", MAXIMUM_BELOW_MINIMUM, message)
    yield from find_level_problems(rules.approval_levels, f"{path}.approval_levels")
    if rules.auto_approval is not None:
        yield from find_auto_approval_problems(rules.auto_approval, f"{path}.auto_approval")


def find_level_problems(levels: Sequence[ApprovalLevel], path: str) -> Iterator[Problem]:
    """Yields what is wrong with approval levels: each begins above the one before it."""
    for i, level in enumerate(levels):
        yield from negative_numbers({f"{path}[{i}].minimum": level.minimum})
        yield from find_repetitions(level.roles, f"{path}[{i}].roles[{{}}]")
        if i > 0 and level.minimum <= levels[i - 1].minimum:
            message = f"{level.minimum} is not above the level before, {levels[i - 1].minimum}"
            yield Problem(f"{path}[{i}].minimum", NOT_ASCENDING, message)


def find_auto_approval_problems(rules: AutoApproval, path: str) -> Iterator[Problem]:
    """Yields what is wrong with withdrawals that time approves."""
    yield from negative_numbers(
        {f"{path}.request_max": rules.request_max, f"{path}.window_max": rules.window_max}
    )
    if rules.window_max < rules.request_max:
        message = f"{rules.window_max} is less than one request may have, {rules.request_max}"
        yield Problem(f"{path}.window_max", WINDOW_BELOW_REQUEST, message)
    if rules.window_seconds > WINDOW_DAYS_MAX * DAY_SECONDS:
        message = f"{rules.window_seconds} seconds are more than {WINDOW_DAYS_MAX} days"
        yield Problem(f"{path}.window_seconds", WINDOW_TOO_LONG, message)
