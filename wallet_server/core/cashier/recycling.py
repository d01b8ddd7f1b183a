"""Paying a deposit from a payout that came back, or that is cancelled on its way.

The payout ends when the deposit is approved, and its money goes the deposit's way: from what
payment providers owe, as that of any deposit.
"""

from dataclasses import replace

from wallet_server.core.accounts import CASH, hold
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.forfeiting import give_back
from wallet_server.core.cashier.withdrawal import Withdrawal, WithdrawalState, withdrawal_key
from wallet_server.core.config.jurisdictions import may_reverse_withdrawals
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import PayoutNotRecyclable, Refusal, WithdrawalNotFound

PAID = WithdrawalState.PAID
SUBMITTED = WithdrawalState.SUBMITTED


def check_recycling(deposit: Deposit, draft: Draft) -> Refusal | None:
    """Refuses a deposit that names a payout that it cannot be paid from.

    The whole of one that was paid can, and of one that was submitted where players may take
    withdrawals back.
    """
    if not deposit.withdrawal_id:
        return None
    payout = draft.item(withdrawal_key(deposit.withdrawal_id), Withdrawal)
    if payout is None:
        return WithdrawalNotFound(deposit.withdrawal_id)
    is_whole = payout.amount == deposit.amount and payout.asset_code == deposit.asset_code
    if is_whole and may_recycle(payout, draft):
        return None
    return PayoutNotRecyclable(payout.withdrawal_id, payout.state.value)


def may_recycle(payout: Withdrawal, draft: Draft) -> bool:
    """Tells whether policy, law and the payout's state let it be paid in anew."""
    configuration = draft.configuration
    if not configuration.wallet_policy.value.deposits.recycles_payouts:
        return False
    if payout.state is SUBMITTED:
        return may_reverse_withdrawals(configuration)
    return payout.state is PAID


def end_payout(deposit: Deposit, draft: Draft) -> None:
    """Ends the payout that a deposit is paid from, if it is from any.

    One that was paid is RETURNED. One that was submitted has FAILED: what it held is the payment
    provider's to give, and what the player gave up for it comes back.
    """
    if not deposit.withdrawal_id:
        return
    payout = draft.item(withdrawal_key(deposit.withdrawal_id), Withdrawal)
    assert payout is not None
    ended = replace(
        payout,
        state=WithdrawalState.RETURNED,
        deposit_id=deposit.deposit_id,
        end_sequence=draft.sequence,
        revision=payout.revision + 1,
    )
    if payout.state is SUBMITTED:
        draft.move(payout.asset_code, hold(payout.withdrawal_id), CASH, payout.amount)
        forfeited = give_back(draft, payout)
        ended = replace(ended, state=WithdrawalState.FAILED, forfeited=forfeited)
    draft.put_item(ended)
