"""Holding money that is to be paid out."""

import pytest

from tests.core.cashier.withdrawal_world import BY_TIME, WithdrawalWorld, ruled
from tests.core.world import vector
from wallet_server.core.commands import Amount, RequestWithdrawal
from wallet_server.core.config.wallet_policy import (
    ApprovalLevel,
    DebtOnWithdrawal,
    WithdrawalRules,
)
from wallet_server.core.players.status import AccountStatus


def test_what_is_held_is_nobodys_to_spend() -> None:
    world = WithdrawalWorld("SN 100")

    assert world.request(70) == "APPLIED"

    assert world.balances == vector("SN 30, HOLD:w1 70")
    assert world.authorize(31) == "INSUFFICIENT_FUNDS"


def test_the_same_request_again_is_the_same_withdrawal() -> None:
    world = WithdrawalWorld("SN 100")
    world.request(70)

    assert world.request(70) == "REPLAYED APPLIED"
    assert world.request(71) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal.details() == {"reference": "w1", "field": "amount"}
    assert world.request(70, accept=True) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal.details() == {"reference": "w1", "field": "accept_forfeiture"}
    assert world.balances == vector("SN 30, HOLD:w1 70")


def test_it_is_of_the_wallets_currency() -> None:
    world = WithdrawalWorld("SN 100")

    assert world.run(RequestWithdrawal("w1", Amount("USD", 1))) == "CURRENCY_MISMATCH"


@pytest.mark.parametrize(
    ("amount", "outcome"),
    [
        (9, "BELOW_MINIMUM"),
        (10, "APPLIED"),
        (50, "APPLIED"),
        (51, "ABOVE_MAXIMUM"),
    ],
)
def test_the_wallet_policy_bounds_the_amount(amount: int, outcome: str) -> None:
    world = WithdrawalWorld("SN 100", ruled(WithdrawalRules(minimum=10, maximum=50)))

    assert world.request(amount) == outcome


@pytest.mark.parametrize("status", list(AccountStatus))
def test_money_may_leave_any_account_but_a_frozen_one(status: AccountStatus) -> None:
    world = WithdrawalWorld("SN 100")
    world.change(status=status)

    expected = "ACCOUNT_FROZEN" if status is AccountStatus.FROZEN else "APPLIED"
    assert world.request(40) == expected


def test_a_known_withdrawal_is_known_though_the_account_is_frozen() -> None:
    world = WithdrawalWorld("SN 100")
    world.request(40)
    world.change(status=AccountStatus.FROZEN)

    assert world.request(40) == "REPLAYED APPLIED"


def test_debt_is_for_a_person_to_look_at_or_refuses() -> None:
    refusing = ruled(WithdrawalRules(debt=DebtOnWithdrawal.REFUSE))
    world = WithdrawalWorld("SN 100, DEBT -46", refusing)

    assert world.request(40) == "DEBT_OUTSTANDING"
    assert world.refusal.details() == {"owed": 46}
    world.configure_rules(BY_TIME)
    assert world.request(40) == "APPLIED"

    assert (world.told_of.state, world.told_of.queue) == ("PENDING_REVIEW", "MANUAL")
    assert world.told_of.queue_reason == "DEBT"


def test_only_so_many_may_be_under_way() -> None:
    world = WithdrawalWorld("SN 100", ruled(WithdrawalRules(pending_max=2)))
    world.request(10, "w1")
    world.request(10, "w2")

    assert world.request(10, "w3") == "PENDING_WITHDRAWAL_LIMIT"
    assert world.refusal.details() == {"limit": 2}
    world.reject("w1")
    assert world.request(10, "w3") == "APPLIED"


def test_without_automatic_approval_it_waits_for_a_person() -> None:
    levels = (ApprovalLevel(minimum=50, approvals=2),)
    world = WithdrawalWorld("SN 100", ruled(WithdrawalRules(approval_levels=levels)))
    world.request(49, "w1")
    world.request(50, "w2")

    assert world.state_of("w1") == world.state_of("w2") == "HELD"
    assert world.withdrawal("w1").approvals_needed == 1
    assert world.withdrawal("w2").approvals_needed == 2
    assert world.withdrawal("w1").due_time is None


@pytest.mark.parametrize(
    ("amount", "status", "queue", "reason"),
    [
        (60, AccountStatus.ACTIVE, "AUTOMATIC", ""),
        (61, AccountStatus.ACTIVE, "MANUAL", "ABOVE_REQUEST_MAX"),
        (60, AccountStatus.SELF_EXCLUDED, "MANUAL", "ACCOUNT_STATUS"),
    ],
)
def test_who_is_to_decide_is_said_at_once(
    amount: int, status: AccountStatus, queue: str, reason: str
) -> None:
    world = WithdrawalWorld("SN 100", ruled(BY_TIME))
    world.change(status=status)
    world.request(amount)

    told = world.told_of
    assert (told.state, told.queue, told.queue_reason) == ("PENDING_REVIEW", queue, reason)
    due = world.withdrawal().due_time
    assert due == (world.later(hours=2) if queue == "AUTOMATIC" else None)


def test_who_owes_points_is_looked_at_too() -> None:
    world = WithdrawalWorld("SN 100", ruled(BY_TIME))
    world.owe_points(30)
    world.request(40)

    assert world.told_of.queue_reason == "DEBT"


def test_frozen_buckets_give_nothing() -> None:
    world = WithdrawalWorld("SN 100, WD 10", frozen="WD")

    assert world.request(100) == "APPLIED"
    assert world.posted == vector("SN -100, HOLD:w1 +100")
