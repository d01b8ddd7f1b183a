"""What the approval of a deposit does to the wallet."""

from dataclasses import replace

from wallet_server.core.accounts import CASH, SUSPENSE, Account, bucket, debt
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.cashier.recycling import end_payout
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import Refusal
from wallet_server.core.rolling.open_requirement import open_requirement
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.requirement import RequirementOrigin


def credit_deposit(deposit: Deposit, draft: Draft) -> Deposit | Refusal:
    """Credits a deposit to its bucket, and ends the payout that it is paid from, if it is.

    Debt of its asset is repaid first, and what reaches the bucket must be wagered, where the
    wallet policy says so. Refuses a requirement that has no place.
    """
    source = SUSPENSE if deposit.suspended else CASH
    end_payout(deposit, draft)
    credited = post_credit(deposit, source, draft)
    approved = replace(
        deposit,
        state=DepositState.APPROVED,
        approve_time=draft.now,
        approve_sequence=draft.sequence,
        suspended=False,
    )
    opened = open_rolling(approved, credited, draft)
    if isinstance(opened, Refusal):
        return opened
    draft.put_item(opened)
    pass_on(draft)
    return opened


def post_credit(deposit: Deposit, source: Account, draft: Draft) -> int:
    """Posts a deposit from where its money is. Returns what reaches the bucket."""
    repays_debt = draft.configuration.wallet_policy.value.deposits_repay_debt
    owes = debt(deposit.asset_code)
    repaid = min(deposit.amount, -draft.balance(owes)) if repays_debt else 0
    credited = deposit.amount - repaid
    draft.move(deposit.asset_code, source, owes, repaid)
    draft.move(deposit.asset_code, source, bucket(deposit.bucket), credited)
    return credited


def open_rolling(deposit: Deposit, credited: int, draft: Draft) -> Deposit | Refusal:
    """Opens the requirement that the wallet policy asks for on what reaches the bucket."""
    terms = draft.configuration.wallet_policy.value.deposit_rolling
    if terms is None or not credited:
        return deposit
    requirement = open_requirement(
        draft,
        bucket=deposit.bucket,
        asset_code=deposit.asset_code,
        amount=credited,
        terms=terms,
        origin=RequirementOrigin.DEPOSIT,
        origin_id=deposit.deposit_id,
    )
    if isinstance(requirement, Refusal):
        return requirement
    return replace(deposit, requirement_id=requirement.requirement_id)
