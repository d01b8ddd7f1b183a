"""What is wrong with the rules of withdrawals."""

import pytest

from wallet_server.core.config.validation_withdrawals import find_withdrawal_problems
from wallet_server.core.config.wallet_policy import (
    ApprovalLevel,
    AutoApproval,
    WalletPolicy,
    WithdrawalRules,
)

SOUND = WithdrawalRules(
    minimum=10,
    maximum=10,
    approval_levels=(ApprovalLevel(1), ApprovalLevel(100, approvals=2)),
    auto_approval=AutoApproval(request_max=60, window_max=60),
)
AUTO = "withdrawals.auto_approval"


def found(rules: WithdrawalRules, jurisdiction: str = "") -> list[tuple[str, str]]:
    policy = WalletPolicy(withdrawals=rules, jurisdiction=jurisdiction)
    return [(each.path, each.reason) for each in find_withdrawal_problems(policy)]


@pytest.mark.parametrize(
    ("rules", "problems"),
    [
        (SOUND, []),
        (WithdrawalRules(), []),
        (WithdrawalRules(minimum=0), [("withdrawals.minimum", "NOT_POSITIVE")]),
        (WithdrawalRules(minimum=10, maximum=9), [("withdrawals.maximum", "CAP_BELOW_MINIMUM")]),
        (
            WithdrawalRules(approval_levels=(ApprovalLevel(5), ApprovalLevel(0))),
            [("withdrawals.approval_levels[1].minimum", "NOT_POSITIVE")],
        ),
        (
            WithdrawalRules(approval_levels=(ApprovalLevel(5), ApprovalLevel(5, approvals=2))),
            [("withdrawals.approval_levels[1].minimum", "DUPLICATE")],
        ),
        (
            WithdrawalRules(auto_approval=AutoApproval(request_max=0, window_max=0)),
            [(f"{AUTO}.request_max", "NOT_POSITIVE")],
        ),
        (
            WithdrawalRules(auto_approval=AutoApproval(request_max=60, window_max=59)),
            [(f"{AUTO}.window_max", "CAP_BELOW_MINIMUM")],
        ),
    ],
)
def test_what_is_wrong_with_the_rules_of_withdrawals(
    rules: WithdrawalRules, problems: list[tuple[str, str]]
) -> None:
    assert found(rules) == problems


@pytest.mark.parametrize(
    ("jurisdiction", "reversible", "is_wrong"),
    [
        ("UK", True, True),
        ("UK", False, False),
        ("", True, False),
        ("XX", True, False),
    ],
)
def test_what_the_law_says_of_taking_withdrawals_back(
    *, jurisdiction: str, reversible: bool, is_wrong: bool
) -> None:
    problem = ("withdrawals.reversible", "WITHDRAWALS_REVERSIBLE")

    problems = found(WithdrawalRules(reversible=reversible), jurisdiction)

    assert problems == ([problem] if is_wrong else [])
