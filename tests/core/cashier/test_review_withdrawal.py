"""Deciding whether a withdrawal is paid."""

import pytest

from tests.core.cashier.withdrawal_world import BY_TIME, CLERK, WithdrawalWorld, ruled
from tests.core.world import vector
from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.config.wallet_policy import ApprovalLevel, WithdrawalRules
from wallet_server.core.players.status import AccountStatus

OTHER = Actor("other", ("cashier",))
TWO = WithdrawalRules(approval_levels=(ApprovalLevel(minimum=1, approvals=2),))


def waiting(rules: WithdrawalRules = BY_TIME, amount: int = 60) -> WithdrawalWorld:
    world = WithdrawalWorld("WD 200", ruled(rules))
    assert world.request(amount) == "APPLIED"
    return world


def test_who_approves_must_be_known() -> None:
    assert waiting().approve(actor=NOBODY) == "ACTOR_REQUIRED"


def test_one_that_is_not_there_is_not_decided_on() -> None:
    world = WithdrawalWorld("WD 200")

    for outcome in (
        world.approve("w9"),
        world.let_time_approve("w9"),
        world.reject("w9"),
        world.cancel_withdrawal("w9"),
        world.submit("w9"),
        world.confirm(name="w9"),
        world.fail("w9"),
        world.give_back("w9"),
    ):
        assert outcome == "WITHDRAWAL_NOT_FOUND"
    assert world.refusal.details() == {"withdrawal_id": "w9"}


def test_a_person_approves_before_time_does() -> None:
    world = waiting()

    assert world.approve() == "APPLIED"
    approved = world.withdrawal()
    assert [each.actor for each in approved.approvals] == ["clerk"]
    assert not approved.automatic
    world.later(hours=2)
    assert world.let_time_approve() == "ALREADY_APPLIED"
    assert world.approve(actor=OTHER) == "ALREADY_APPLIED"
    assert world.approve() == "APPROVER_ALREADY_DECIDED"
    assert world.withdrawal() == approved


def test_a_first_of_two_approvals_ends_the_wait_for_time() -> None:
    world = waiting(
        WithdrawalRules(approval_levels=TWO.approval_levels, auto_approval=BY_TIME.auto_approval)
    )
    world.approve()
    world.later(hours=2)

    assert world.let_time_approve() == "ALREADY_APPLIED"
    assert world.state_of() == "PENDING_REVIEW"
    assert world.approve(actor=OTHER) == "APPLIED"
    assert world.state_of() == "APPROVED"


def test_the_highest_level_that_is_reached_says_who_must_approve() -> None:
    levels = (
        ApprovalLevel(minimum=100, roles=("head",)),
        ApprovalLevel(minimum=1, roles=("cashier", "head")),
    )
    rules = WithdrawalRules(approval_levels=levels)
    head = Actor("H", ("staff", "head"))

    assert waiting(rules, 99).approve() == "APPLIED"
    world = waiting(rules, 100)
    assert world.approve() == "ROLE_REQUIRED"
    assert world.refusal.details() == {"roles": "head"}
    assert world.approve(actor=head) == "APPLIED"


@pytest.mark.parametrize("actor", [Actor("ann"), Actor("agent"), Actor("staff", player_id="ann")])
def test_nobody_approves_what_they_asked_for_or_gain_by(actor: Actor) -> None:
    world = WithdrawalWorld("WD 200")
    world.request(10, actor=Actor("agent"))

    assert world.approve(actor=actor) == "SELF_APPROVAL"
    assert world.refusal.details() == {"actor": actor.name}
    assert world.state_of() == "HELD"


def test_time_approves_when_it_has_come_and_not_before() -> None:
    world = waiting()
    world.later(hours=1, minutes=59, seconds=59)

    assert world.let_time_approve() == "ALREADY_APPLIED"
    assert world.state_of() == "PENDING_REVIEW"
    world.later(seconds=1)
    assert world.let_time_approve() == "APPLIED"

    assert world.state_of() == "APPROVED"
    assert world.withdrawal().automatic
    assert world.withdrawal().due_time is None
    assert world.let_time_approve() == "ALREADY_APPLIED"


@pytest.mark.parametrize("reason", ["DEBT", "ACCOUNT_STATUS", "NO_AUTO_APPROVAL"])
def test_what_has_come_in_between_is_for_a_person_to_look_at(reason: str) -> None:
    world = waiting()
    world.later(hours=2)
    if reason == "DEBT":
        world.owe_points(1)
    elif reason == "ACCOUNT_STATUS":
        world.change(status=AccountStatus.FROZEN)
    else:
        world.configure_rules(WithdrawalRules())

    assert world.let_time_approve() == "REVIEW"
    assert (world.told_of.queue, world.told_of.queue_reason) == ("MANUAL", reason)
    assert world.state_of() == "PENDING_REVIEW"
    assert world.let_time_approve() == "ALREADY_APPLIED"


def test_what_time_approved_counts_until_the_window_is_over() -> None:
    world = waiting()
    world.later(hours=2)
    world.let_time_approve("w1")  # At 14:00, 60 of 100 in 24 hours.
    world.request(50, "w2")
    world.request(40, "w3")
    world.later(hours=2)

    assert world.let_time_approve("w2") == "REVIEW"  # 110 of 100.
    assert world.let_time_approve("w3") == "APPLIED"  # 100 of 100.
    world.reject("w2")
    world.later(hours=21)  # 13:00 of the next day.
    world.request(60, "w4")
    world.later(hours=2)  # 15:00: the 60 are 25 hours old, the 40 are 23.
    assert world.let_time_approve("w4") == "APPLIED"


def test_a_frozen_account_pays_nothing_out() -> None:
    world = waiting()
    world.change(status=AccountStatus.FROZEN)
    assert world.approve() == "ACCOUNT_FROZEN"
    world.change(status=AccountStatus.ACTIVE)
    world.approve()
    world.change(status=AccountStatus.FROZEN)

    assert world.submit() == "ACCOUNT_FROZEN"
    assert world.reject() == "APPLIED"
    assert world.balances == vector("WD 200")


def test_rejecting_gives_everything_back() -> None:
    world = waiting()
    world.approve()

    assert world.reject() == "APPLIED"
    assert world.posted == vector("WD +60, HOLD:w1 -60")
    assert world.withdrawal().reason_code == "SUSPICIOUS"
    assert world.reject() == "ALREADY_APPLIED"
    assert world.approve(actor=OTHER) == "ILLEGAL_TRANSITION"
    assert world.refusal.details() == {
        "bet_ref": "w1",
        "state": "REJECTED",
        "command": "ApproveWithdrawal",
    }


def test_the_player_takes_back_what_is_not_approved() -> None:
    world = waiting(TWO)
    world.approve()

    assert world.cancel_withdrawal() == "APPLIED"
    assert world.state_of() == "CANCELLED"
    assert world.balances == vector("WD 200")
    assert world.cancel_withdrawal() == "ALREADY_APPLIED"


def test_the_player_does_not_take_back_what_is_approved() -> None:
    world = waiting()
    world.approve()

    assert world.cancel_withdrawal() == "ILLEGAL_TRANSITION"


@pytest.mark.parametrize(("reversible", "jurisdiction"), [(False, ""), (False, "UK"), (True, "UK")])
def test_law_or_policy_may_keep_the_player_from_taking_it_back(
    *, reversible: bool, jurisdiction: str
) -> None:
    world = WithdrawalWorld("WD 200", ruled(WithdrawalRules(reversible=reversible), jurisdiction))
    world.request(60)

    assert world.cancel_withdrawal() == "REVERSE_WITHDRAWAL_FORBIDDEN"
    assert world.state_of() == "HELD"
    assert world.approve(actor=CLERK) == "APPLIED"


@pytest.mark.parametrize(
    "actor",
    [
        Actor("till", ("cashier",)),
        Actor("CN=till", ("manager",)),
        Actor("ann"),
        Actor("office/ann"),
        Actor("tom", ("manager",), player_id="ann"),
    ],
)
def test_who_asked_for_it_or_is_the_player_does_not_reject_it(actor: Actor) -> None:
    """Else money would go back to play by the hand of its owner, where the law forbids that."""
    world = WithdrawalWorld("WD 200", ruled(WithdrawalRules(reversible=False)))
    world.request(60, actor=Actor("till"))

    assert world.reject(actor=actor) == "SELF_APPROVAL"
    assert world.state_of() == "HELD"
    assert world.reject(actor=CLERK) == "APPLIED"
    assert world.state_of() == "REJECTED"
    assert world.reject(actor=actor) == "ALREADY_APPLIED"
