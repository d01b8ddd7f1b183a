"""Deciding whether a withdrawal is paid."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.cashier.auto_approval import find_obstacle_now, level_for, rules_of
from wallet_server.core.cashier.known_withdrawal import (
    as_before,
    cannot_start,
    end_unpaid,
    find_withdrawal,
    put,
)
from wallet_server.core.cashier.withdrawal import (
    Approval,
    ReviewQueue,
    Withdrawal,
    WithdrawalState,
)
from wallet_server.core.commands import ApproveWithdrawal, CancelWithdrawal, RejectWithdrawal
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.jurisdictions import may_reverse_withdrawals
from wallet_server.core.decision import Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.players.limits import count
from wallet_server.core.players.status_rules import forbids
from wallet_server.core.players.usage import UsageKind
from wallet_server.core.refusals import (
    ActorRequired,
    ApproverAlreadyDecided,
    Refusal,
    ReverseWithdrawalForbidden,
    RoleRequired,
    SelfApproval,
    WithdrawalNotFound,
)
from wallet_server.core.self_approval import check_player
from wallet_server.core.wallet import Wallet

UNDER_REVIEW = frozenset({WithdrawalState.HELD, WithdrawalState.PENDING_REVIEW})
NOT_SUBMITTED = UNDER_REVIEW | {WithdrawalState.APPROVED}


def decide_approve_withdrawal(
    command: ApproveWithdrawal, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Approves a withdrawal, as a person or by time."""
    draft = Draft(wallet, configuration, now)
    if not (command.automatic or command.actor.name):
        return ActorRequired()
    withdrawal = find_withdrawal(draft, command.withdrawal_id)
    if withdrawal is None:
        return WithdrawalNotFound(command.withdrawal_id)
    if command.automatic:
        return approve_by_time(draft, withdrawal)
    if has_approved(command.actor, withdrawal):
        return ApproverAlreadyDecided(command.actor.name)
    if withdrawal.state is WithdrawalState.APPROVED:
        return as_before(draft, withdrawal)
    if withdrawal.state not in UNDER_REVIEW:
        return cannot_start(command, withdrawal)
    if refusal := forbids(command, wallet.status, configuration.wallet_policy.value):
        return refusal
    return approve_by(command.actor, draft, withdrawal)


def has_approved(actor: Actor, withdrawal: Withdrawal) -> bool:
    """Tells whether a person has approved before."""
    return any(actor.goes_by(each.actor) for each in withdrawal.approvals)


def approve_by(actor: Actor, draft: Draft, withdrawal: Withdrawal) -> Decision:
    """Adds a person's approval. It is approved when there are as many as it takes by now."""
    level = level_for(withdrawal.amount, rules_of(draft))
    if level.roles and not set(level.roles) & set(actor.roles):
        return RoleRequired(", ".join(level.roles))
    if refusal := check_self(actor, draft, withdrawal):
        return refusal
    approvals = (*withdrawal.approvals, Approval(actor.name, draft.now))
    is_done = len(approvals) >= level.approvals
    state = WithdrawalState.APPROVED if is_done else WithdrawalState.PENDING_REVIEW
    return put(
        draft,
        replace(
            withdrawal,
            state=state,
            queue=ReviewQueue.MANUAL,
            review_time=None,
            approvals=approvals,
            approvals_needed=level.approvals,
        ),
    )


def check_self(actor: Actor, draft: Draft, withdrawal: Withdrawal) -> Refusal | None:
    """Refuses who asked for the withdrawal, and who is its player."""
    if actor.goes_by(withdrawal.requester):
        return SelfApproval(actor.name)
    return check_player(actor, draft)


def approve_by_time(draft: Draft, withdrawal: Withdrawal) -> Decision:
    """Approves a withdrawal whose time has come, unless something has come in between.

    A person must look at it then: it waits on, and the answer is REVIEW.
    """
    if withdrawal.due_time is None or withdrawal.due_time > draft.now:
        return as_before(draft, withdrawal)
    reason = find_obstacle_now(draft, withdrawal)
    if reason is not None:
        waits = replace(withdrawal, queue=ReviewQueue.MANUAL, queue_reason=reason, review_time=None)
        return put(draft, waits, Outcome.REVIEW)
    count(draft, UsageKind.AUTO_APPROVAL, withdrawal.amount, draft.now)
    return put(draft, replace(withdrawal, state=WithdrawalState.APPROVED, automatic=True))


def decide_reject_withdrawal(
    command: RejectWithdrawal, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Refuses to pay a withdrawal that was not submitted; the money goes back.

    Nobody does so who is known to have asked for it, or to be its player: that would be taking it
    back, which the law may forbid.
    """
    draft = Draft(wallet, configuration, now)
    withdrawal = find_withdrawal(draft, command.withdrawal_id)
    if withdrawal is None:
        return WithdrawalNotFound(command.withdrawal_id)
    if withdrawal.state is WithdrawalState.REJECTED:
        return as_before(draft, withdrawal)
    if withdrawal.state not in NOT_SUBMITTED:
        return cannot_start(command, withdrawal)
    if command.actor.name and (refusal := check_self(command.actor, draft, withdrawal)):
        return refusal
    ended = end_unpaid(draft, withdrawal, WithdrawalState.REJECTED)
    return put(draft, replace(ended, reason_code=command.reason_code))


def decide_cancel_withdrawal(
    command: CancelWithdrawal, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Takes back a withdrawal that is not approved, where law and wallet policy let players."""
    draft = Draft(wallet, configuration, now)
    withdrawal = find_withdrawal(draft, command.withdrawal_id)
    if withdrawal is None:
        return WithdrawalNotFound(command.withdrawal_id)
    if withdrawal.state is WithdrawalState.CANCELLED:
        return as_before(draft, withdrawal)
    if withdrawal.state not in UNDER_REVIEW:
        return cannot_start(command, withdrawal)
    if not may_reverse_withdrawals(configuration):
        return ReverseWithdrawalForbidden()
    return put(draft, end_unpaid(draft, withdrawal, WithdrawalState.CANCELLED))
