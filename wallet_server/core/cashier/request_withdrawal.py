"""Holding money that is to be paid out."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from wallet_server.core.accounts import bucket, debt, hold
from wallet_server.core.amounts import check_asset
from wallet_server.core.cashier.auto_approval import first_review
from wallet_server.core.cashier.forfeiting import (
    ends_bonus,
    find_forfeits,
    give_up,
    held_forfeits,
)
from wallet_server.core.cashier.known_withdrawal import find_withdrawal
from wallet_server.core.cashier.withdrawable import WithdrawableMoney, withdrawable
from wallet_server.core.cashier.withdrawal import Forfeit, HoldLine, Withdrawal
from wallet_server.core.commands import RequestWithdrawal
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.wallet_policy import DebtOnWithdrawal
from wallet_server.core.decision import APPLIED, Decision, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.players.status_rules import forbids
from wallet_server.core.refusals import (
    AboveMaximum,
    BelowMinimum,
    BonusForfeitureRequired,
    DebtOutstanding,
    InsufficientWithdrawable,
    PendingWithdrawalLimit,
    Refusal,
    RollingOpen,
    TransactionPayloadMismatch,
)
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.wallet import Wallet


def decide_request_withdrawal(
    command: RequestWithdrawal, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Holds an amount from the buckets that may give, in the withdraw order.

    Where the wallet policy has a withdrawal end bonus money, that goes in the same command.
    """
    draft = Draft(wallet, configuration, now)
    if mismatch := check_asset("amount", command.amount, draft.currency):
        return mismatch
    known = find_withdrawal(draft, command.withdrawal_id)
    if known is not None:
        return answer_again(command, known)
    if refusal := forbids(command, wallet.status, configuration.wallet_policy.value):
        return refusal
    amount = command.amount.minor_units
    money = withdrawable(wallet, configuration, now)
    if refusal := check_rules(amount, draft) or check_amount(amount, money):
        return refusal
    forfeits = find_forfeits(draft, money) if ends_bonus(draft) else ()
    if refusal := check_consent(command, forfeits, draft):
        return refusal
    return hold_money(command, money, forfeits, draft)


def answer_again(command: RequestWithdrawal, known: Withdrawal) -> Decision:
    """Answers a withdrawal that is known: as the first time, if it says the same."""
    if command.amount.minor_units != known.amount:
        return TransactionPayloadMismatch(command.withdrawal_id, "amount")
    if command.accept_forfeiture != known.accept_forfeiture:
        return TransactionPayloadMismatch(command.withdrawal_id, "accept_forfeiture")
    return Replay(known.sequence)


def check_rules(amount: int, draft: Draft) -> Refusal | None:
    """Refuses what the wallet policy has against a withdrawal of an amount, whatever is there."""
    rules = draft.configuration.wallet_policy.value.withdrawals
    if amount < rules.minimum:
        return BelowMinimum(amount, rules.minimum)
    if rules.maximum is not None and amount > rules.maximum:
        return AboveMaximum(rules.maximum)
    owed = -draft.balance(debt(draft.currency))
    if owed and rules.debt is DebtOnWithdrawal.REFUSE:
        return DebtOutstanding(owed)
    under_way = sum(each.is_open for each in draft.items_of(Withdrawal))
    return PendingWithdrawalLimit(rules.pending_max) if under_way >= rules.pending_max else None


def check_amount(amount: int, money: WithdrawableMoney) -> Refusal | None:
    """Refuses more than may be withdrawn. Rolling is the reason where it locks anything."""
    if amount <= money.total:
        return None
    if money.locked_by_rolling:
        return RollingOpen(money.remaining, money.total, money.locked_by_rolling)
    return InsufficientWithdrawable(amount, money.total)


def check_consent(
    command: RequestWithdrawal, forfeits: tuple[Forfeit, ...], draft: Draft
) -> BonusForfeitureRequired | None:
    """Refuses to end bonus money that the player did not agree to give up.

    What an earlier withdrawal under way holds of it counts as if it were there.
    """
    if command.accept_forfeiture or not ends_bonus(draft):
        return None
    amounts = by_bucket((*held_forfeits(draft), *forfeits))
    if not amounts:
        return None
    named = ", ".join(f"{code}={amount}" for code, amount in amounts.items())
    return BonusForfeitureRequired(named, sum(amounts.values()))


def by_bucket(forfeits: Iterable[Forfeit]) -> Counter[str]:
    """Adds up what is given up, by bucket, in minor units."""
    amounts = Counter[str]()
    for each in forfeits:
        amounts[each.bucket] += each.amount
    return amounts


def hold_money(
    command: RequestWithdrawal,
    money: WithdrawableMoney,
    forfeits: tuple[Forfeit, ...],
    draft: Draft,
) -> Decision:
    """Moves an amount to the withdrawal's hold, and what is given up to the house."""
    amount = command.amount.minor_units
    lines = tuple(lines_of(amount, money, draft))
    for line in lines:
        draft.move(draft.currency, bucket(line.bucket), hold(command.withdrawal_id), line.amount)
    give_up(draft, forfeits)
    review = first_review(draft, amount)
    withdrawal = Withdrawal(
        withdrawal_id=command.withdrawal_id,
        state=review.state,
        amount=amount,
        asset_code=draft.currency,
        lines=lines,
        sequence=draft.sequence,
        create_time=draft.now,
        requester=command.actor.name,
        accept_forfeiture=command.accept_forfeiture,
        forfeits=forfeits,
        forfeited=sum(each.amount for each in forfeits),
        queue=review.queue,
        queue_reason=review.reason,
        review_time=review.review_time,
        approvals_needed=review.approvals_needed,
    )
    draft.put_item(withdrawal)
    pass_on(draft)
    return draft.change(APPLIED, result=withdrawal.result)


def lines_of(amount: int, money: WithdrawableMoney, draft: Draft) -> Iterable[HoldLine]:
    """Yields what each bucket gives, in the withdraw order, without those that give nothing."""
    for code in draft.configuration.topology.value.withdraw_order:
        part = money.part(code)
        given = min(amount, part.withdrawable) if part else 0
        if given:
            yield HoldLine(code, given)
        amount -= given
    assert amount == 0
