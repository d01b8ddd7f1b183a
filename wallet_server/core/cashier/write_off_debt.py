"""Forgiving debt."""

from datetime import datetime

from wallet_server.core.accounts import ADJUST, debt
from wallet_server.core.cashier.adjustment import AdjustmentKind
from wallet_server.core.cashier.four_eyes import (
    answer_again,
    apply,
    find_adjustment,
    new_adjustment,
)
from wallet_server.core.commands import WriteOffDebt
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import AmountExceedsDebt, CurrencyMismatch, Refusal
from wallet_server.core.wallet import Wallet


def decide_write_off_debt(
    command: WriteOffDebt, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Forgives debt of an asset, or a part of it, whatever the account is.

    A large write-off is made when a second person says the same.
    """
    draft = Draft(wallet, configuration, now)
    said = new_adjustment(command, AdjustmentKind.DEBT, draft)
    known = find_adjustment(draft, command.adjustment_id)
    if known is not None and (again := answer_again(said, known)) is not None:
        return again
    if refusal := check(command, draft):
        return refusal
    owes = debt(said.asset_code)
    return apply(said, known, command.actor, draft, source=ADJUST, target=owes)


def check(command: WriteOffDebt, draft: Draft) -> Refusal | None:
    """Refuses an asset that the wallet has none of, and more than is owed of one."""
    asset_code = command.amount.asset_code
    owed = -draft.balance(debt(asset_code))
    buckets = draft.configuration.topology.value.buckets
    if not owed and asset_code not in {each.asset_in(draft.currency) for each in buckets}:
        return CurrencyMismatch("amount", draft.currency, asset_code)
    if command.amount.minor_units > owed:
        return AmountExceedsDebt(required=command.amount.minor_units, owed=owed)
    return None
