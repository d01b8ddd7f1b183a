"""The worked examples of withdrawals, E52 to E56."""

from tests.core.cashier.withdrawal_world import (
    BY_TIME,
    FORFEITING,
    WithdrawalWorld,
    ruled,
    withdrawing,
)
from tests.core.rolling.rolling_world import requirement
from tests.core.world import vector
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.topology import LockMode
from wallet_server.core.config.wallet_policy import ApprovalLevel, WithdrawalRules


def test_e52_withdrawal_over_two_buckets_payout_fails() -> None:
    world = WithdrawalWorld("WD 150, SN 80")

    assert world.request(200) == "APPLIED"
    assert world.posted == vector("SN -50, WD -150, HOLD:w1 +200")
    assert [(line.bucket, line.amount) for line in world.withdrawal().lines] == [
        ("WD", 150),
        ("SN", 50),
    ]
    assert world.approve() == "APPLIED"
    assert world.submit() == "APPLIED"
    assert world.fail() == "APPLIED"

    assert world.posted == vector("SN +50, WD +150, HOLD:w1 -200")
    assert world.state_of() == "FAILED"
    assert world.balances == vector("SN 80, WD 150")


def test_e53_withdrawal_blocked_by_open_rolling() -> None:
    open_rolling = requirement(required=60)
    world = WithdrawalWorld("WD 40, SN 100", withdrawing(LockMode.BINARY), items=(open_rolling,))

    assert world.request(100) == "ROLLING_OPEN"
    assert world.refusal.details() == {"withdrawable": 40, "locked": 100, "remaining": 60}
    assert world.request(40) == "APPLIED"

    assert world.state_of() == "HELD"
    assert world.balances == vector("SN 100, HOLD:w1 40")


def test_e54_forfeiture_on_withdrawal() -> None:
    bonus = requirement(bucket="SB", required=250, amount=25)
    world = WithdrawalWorld("SN 100, SB 25", ruled(FORFEITING), items=(bonus,))

    assert world.request(100, "w2") == "BONUS_FORFEITURE_REQUIRED"
    assert world.refusal.details() == {"forfeits": "SB=25", "amount": 25}
    assert world.request(100, "w2", accept=True) == "APPLIED"
    assert world.posted == vector("SB -25, SN -100, HOLD:w2 +100, H:PROMO +25")
    assert world.state() == "SUSPENDED"
    assert world.reject("w2") == "APPLIED"

    assert world.posted == vector("SB +25, SN +100, HOLD:w2 -100, H:PROMO -25")
    assert world.state() == "ACTIVE"
    assert world.balances == vector("SB 25, SN 100")


def test_e55_auto_approval_window() -> None:
    """The story begins at 10:00; the world's clock begins at 12:00, which is no matter."""
    world = WithdrawalWorld("WD 200", ruled(BY_TIME))
    world.request(60, "w1")
    world.later(hours=1)
    world.request(50, "w2")

    world.later(hours=1)
    assert world.let_time_approve("w1") == "APPLIED"
    assert world.state_of("w1") == "APPROVED"
    world.later(hours=1)
    assert world.let_time_approve("w2") == "REVIEW"

    second = world.withdrawal("w2")
    assert second.state.value == "PENDING_REVIEW"
    assert second.queue.value == "MANUAL"
    assert second.queue_reason is not None
    assert second.queue_reason.value == "WINDOW_EXCEEDED"


def test_e56_two_approval_levels_distinct_people() -> None:
    levels = (
        ApprovalLevel(minimum=1_000, approvals=1, roles=("manager",)),
        ApprovalLevel(minimum=5_000, approvals=2, roles=("manager", "owner")),
    )
    manager, owner = Actor("M", ("manager",)), Actor("O", ("owner",))
    agent = Actor("A", ("manager",))
    linked = Actor("L", ("manager",), player_id="ann")
    world = WithdrawalWorld("WD 5000", ruled(WithdrawalRules(approval_levels=levels)))
    world.request(5_000, actor=agent)

    assert world.approve(actor=manager) == "APPLIED"
    assert (world.told_of.approvals, world.told_of.approvals_needed) == (1, 2)
    assert world.approve(actor=manager) == "APPROVER_ALREADY_DECIDED"
    assert world.approve(actor=agent) == "SELF_APPROVAL"
    assert world.approve(actor=linked) == "SELF_APPROVAL"
    assert world.state_of() == "PENDING_REVIEW"
    assert world.approve(actor=owner) == "APPLIED"

    assert (world.told_of.approvals, world.told_of.approvals_needed) == (2, 2)
    assert world.state_of() == "APPROVED"
