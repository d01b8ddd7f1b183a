"""Who may decide on a withdrawal: persons, so many of them, or time for the small ones."""

from datetime import datetime, timedelta

from tests.simulation.player_audit import PlayerAudit
from tests.simulation.step import Step
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.wallet_policy import ApprovalLevel, WithdrawalRules


def check_person(
    actor: Actor, amount: int, requester: str, approvers: list[str], step: Step
) -> bool:
    """I36: persons approve, each once, and none who asked for it or gains by it.

    Returns whether they are enough with this one.
    """
    level = level_of(amount, step)
    player_id = step.after.ref.player_id
    assert actor.name
    assert actor.name not in {requester, player_id, *approvers}
    assert actor.player_id != player_id
    assert not level.roles or set(level.roles) & set(actor.roles)
    assert step.around.status != "FROZEN"
    return len(approvers) + 1 >= level.approvals


def level_of(amount: int, step: Step) -> ApprovalLevel:
    """Returns who must approve an amount: the highest level that it reaches."""
    found = ApprovalLevel(0)
    for level in sorted(rules_of(step).approval_levels, key=lambda each: each.minimum):
        if level.minimum <= amount:
            found = level
    return found


def first_review(amount: int, step: Step) -> tuple[str, datetime | None, str]:
    """Returns the state that a request begins in, when time approves it, and why it does not."""
    rules = rules_of(step).auto_approval
    if rules is None:
        return "HELD", None, ""
    if reason := obstacle(amount, step):
        return "PENDING_REVIEW", None, reason
    return "PENDING_REVIEW", step.now + timedelta(seconds=rules.review_seconds), ""


def obstacle(amount: int, step: Step) -> str:
    """R17: returns why time may not approve an amount, if the window does not matter."""
    rules = rules_of(step).auto_approval
    if rules is None:
        return "NO_AUTO_APPROVAL"
    if amount > rules.request_max:
        return "ABOVE_REQUEST_MAX"
    if any(n for account, n in step.balances_before.items() if account.startswith("DEBT:")):
        return "DEBT"
    return "" if step.around.status == "ACTIVE" else "ACCOUNT_STATUS"


def reasons_to_wait(amount: int, player: PlayerAudit, step: Step) -> set[str]:
    """I38: returns why time may leave a withdrawal to persons; nothing where it approves it.

    An hour that is only partly in the window may count whole.
    """
    if reason := obstacle(amount, step):
        return {reason}
    rules = rules_of(step).auto_approval
    assert rules is not None
    exact, by_hours = player.approved_within(rules, step)
    if exact + amount > rules.window_max:
        return {"WINDOW_EXCEEDED"}
    return {"", "WINDOW_EXCEEDED"} if by_hours + amount > rules.window_max else {""}


def rules_of(step: Step) -> WithdrawalRules:
    return step.configuration.wallet_policy.value.withdrawals
