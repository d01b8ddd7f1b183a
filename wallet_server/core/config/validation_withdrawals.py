"""What is wrong with the rules of withdrawals."""

from collections.abc import Iterator

from wallet_server.core.config.jurisdictions import JURISDICTIONS
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    CAP_BELOW_MINIMUM,
    NOT_POSITIVE,
    WITHDRAWALS_REVERSIBLE,
)
from wallet_server.core.config.validation_names import find_repetitions
from wallet_server.core.config.wallet_policy import AutoApproval, WalletPolicy, WithdrawalRules


def find_withdrawal_problems(policy: WalletPolicy) -> Iterator[Problem]:
    """Yields what is wrong with a wallet policy's rules of withdrawals."""
    rules = policy.withdrawals
    yield from amount_problems(rules)
    levels = [str(each.minimum) for each in rules.approval_levels]
    yield from find_repetitions(levels, "withdrawals.approval_levels[{}].minimum")
    if rules.auto_approval is not None:
        yield from auto_approval_problems(rules.auto_approval)
    law = JURISDICTIONS.get(policy.jurisdiction)
    if law is not None and not law.reverses_withdrawals and rules.reversible:
        message = f"{law.code}: players may not take withdrawals back; say false"
        yield Problem("withdrawals.reversible", WITHDRAWALS_REVERSIBLE, message)


def amount_problems(rules: WithdrawalRules) -> Iterator[Problem]:
    """Yields the amounts that are none, and a maximum that leaves nothing."""
    path = "withdrawals.minimum"
    if rules.minimum < 1:
        yield Problem(path, NOT_POSITIVE, f"{rules.minimum} is not positive")
    if rules.maximum is not None and rules.maximum < rules.minimum:
        message = f"{rules.maximum} is less than the minimum {rules.minimum}"
        yield Problem("withdrawals.maximum", CAP_BELOW_MINIMUM, message)
    for i, level in enumerate(rules.approval_levels):
        if level.minimum < 1:
            path = f"withdrawals.approval_levels[{i}].minimum"
            yield Problem(path, NOT_POSITIVE, f"{level.minimum} is not positive")


def auto_approval_problems(rules: AutoApproval) -> Iterator[Problem]:
    """Yields what keeps time from approving what it may."""
    path = "withdrawals.auto_approval"
    if rules.request_max < 1:
        yield Problem(f"{path}.request_max", NOT_POSITIVE, f"{rules.request_max} is not positive")
    if rules.window_max < rules.request_max:
        message = f"{rules.window_max} is less than one request may be"
        yield Problem(f"{path}.window_max", CAP_BELOW_MINIMUM, message)
