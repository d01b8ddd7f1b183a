"""What the payment provider and the bank say of a withdrawal."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import CASH
from wallet_server.core.amounts import check_asset
from wallet_server.core.cashier.known_withdrawal import (
    as_before,
    cannot_start,
    end_paid,
    end_unpaid,
    find_withdrawal,
    put,
    to_lines,
)
from wallet_server.core.cashier.withdrawal import WithdrawalState
from wallet_server.core.commands import (
    ConfirmWithdrawal,
    FailWithdrawal,
    ReturnWithdrawal,
    SubmitWithdrawal,
)
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.draft import Draft
from wallet_server.core.players.status_rules import forbids
from wallet_server.core.refusals import (
    AmountMismatch,
    TransactionPayloadMismatch,
    WithdrawalNotFound,
)
from wallet_server.core.wallet import Wallet

SUBMITTED = WithdrawalState.SUBMITTED
CONFIRMED = frozenset({WithdrawalState.PAID, WithdrawalState.PARTIALLY_PAID})


def decide_submit_withdrawal(
    command: SubmitWithdrawal, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Notes that an approved withdrawal was handed to the payment provider, once."""
    draft = Draft(wallet, configuration, now)
    withdrawal = find_withdrawal(draft, command.withdrawal_id)
    if withdrawal is None:
        return WithdrawalNotFound(command.withdrawal_id)
    if withdrawal.state is SUBMITTED:
        if command.payout_ref != withdrawal.payout_ref:
            return TransactionPayloadMismatch(command.withdrawal_id, "payout_ref")
        return as_before(draft, withdrawal)
    if withdrawal.state is not WithdrawalState.APPROVED:
        return cannot_start(command, withdrawal)
    if refusal := forbids(command, wallet.status, configuration.wallet_policy.value):
        return refusal
    return put(draft, replace(withdrawal, state=SUBMITTED, payout_ref=command.payout_ref))


def decide_confirm_withdrawal(
    command: ConfirmWithdrawal, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Pays a submitted withdrawal out of its hold; what was not paid of it goes back."""
    draft = Draft(wallet, configuration, now)
    withdrawal = find_withdrawal(draft, command.withdrawal_id)
    if withdrawal is None:
        return WithdrawalNotFound(command.withdrawal_id)
    if mismatch := check_asset("paid", command.paid, withdrawal.asset_code):
        return mismatch
    paid = withdrawal.amount if command.paid is None else command.paid.minor_units
    if withdrawal.state in CONFIRMED:
        if paid != withdrawal.paid:
            return TransactionPayloadMismatch(command.withdrawal_id, "paid")
        return as_before(draft, withdrawal)
    if withdrawal.state is not SUBMITTED:
        return cannot_start(command, withdrawal)
    if not 0 < paid <= withdrawal.amount:
        return AmountMismatch(withdrawal.amount, paid)
    return put(draft, end_paid(draft, withdrawal, paid))


def decide_fail_withdrawal(
    command: FailWithdrawal, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Ends a submitted withdrawal that the payment provider did not pay; the money goes back."""
    draft = Draft(wallet, configuration, now)
    withdrawal = find_withdrawal(draft, command.withdrawal_id)
    if withdrawal is None:
        return WithdrawalNotFound(command.withdrawal_id)
    if withdrawal.state is WithdrawalState.FAILED:
        return as_before(draft, withdrawal)
    if withdrawal.state is not SUBMITTED:
        return cannot_start(command, withdrawal)
    ended = end_unpaid(draft, withdrawal, WithdrawalState.FAILED)
    return put(draft, replace(ended, reason_code=command.reason_code))


def decide_return_withdrawal(
    command: ReturnWithdrawal, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Credits what was paid and came back from the bank to where it came from.

    The bonus that was given up for it does not come back.
    """
    draft = Draft(wallet, configuration, now)
    withdrawal = find_withdrawal(draft, command.withdrawal_id)
    if withdrawal is None:
        return WithdrawalNotFound(command.withdrawal_id)
    if withdrawal.state is WithdrawalState.RETURNED:
        return as_before(draft, withdrawal)
    if withdrawal.state is not WithdrawalState.PAID:
        return cannot_start(command, withdrawal)
    to_lines(draft, withdrawal, CASH, withdrawal.paid)
    returned = replace(
        withdrawal,
        state=WithdrawalState.RETURNED,
        reason_code=command.reason_code,
        end_sequence=draft.sequence,
    )
    return put(draft, returned)
