"""Rows as the core's values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from wallet_server.core.accounts import Account, debt
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.wallet import AccountStatus, Wallet
from wallet_server.storage.documents import bet_from_json, refusal_from_json


class Row(Protocol):
    """A row: asyncpg's, or anything else that has columns by name."""

    def __getitem__(self, column: str, /) -> Any:  # noqa: ANN401 - a column of any type.
        """Returns the value of a column."""
        ...


def wallet_from_row(
    ref: WalletRef,
    row: Row,
    status: AccountStatus,
    *,
    bets: Mapping[BetKey, Bet] | None = None,
    deposits: Mapping[str, Deposit] | None = None,
) -> Wallet:
    """Returns a wallet with what else was loaded of it."""
    balances = dict(zip(map(Account, row["accounts"]), row["balances"], strict=True))
    for asset_code, owed in zip(row["debt_assets"], row["debts"], strict=True):
        balances[debt(asset_code)] = owed
    return Wallet(
        ref=ref,
        sequence=row["sequence"],
        create_time=row["create_time"],
        update_time=row["update_time"],
        status=status,
        balances=balances,
        frozen_buckets=frozenset(row["frozen_buckets"]),
        bets=bets or {},
        deposits=deposits or {},
    )


def answer_from_row(row: Row, entries: Sequence[PostedEntry] = ()) -> Answer:
    """Returns an answer; its entries are read apart."""
    return Answer(
        request_id=row["request_id"],
        sequence=row["sequence"],
        command=row["command"],
        fingerprint=row["fingerprint"],
        answer_time=row["answer_time"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        refusal=refusal_from_json(row["refusal"]) if row["refusal"] else None,
        bet=bet_from_json(row["bet"]) if row["bet"] else None,
        entries=tuple(entries),
    )


def bet_from_row(row: Row) -> Bet:
    """Returns a bet."""
    return bet_from_json(row["document"])


def deposit_from_row(row: Row) -> Deposit:
    """Returns a deposit."""
    return Deposit(
        deposit_id=row["deposit_id"],
        bucket=row["bucket"],
        asset_code=row["asset_code"],
        amount=row["amount"],
        state=DepositState(row["state"]),
        sequence=row["sequence"],
        create_time=row["create_time"],
    )


def entry_from_row(row: Row) -> PostedEntry:
    """Returns an entry."""
    return PostedEntry(
        sequence=row["sequence"],
        ordinal=row["ordinal"],
        asset_code=row["asset_code"],
        changes=tuple(_changes_from_row(row)),
        entry_time=row["entry_time"],
        request_id=row["request_id"],
        command=row["command"],
        provider_id=row["provider_id"] or "",
        bet_ref=row["bet_ref"] or "",
        correlation_id=row["correlation_id"],
    )


def _changes_from_row(row: Row) -> Iterator[AccountChange]:
    columns = (row["accounts"], row["changes"], row["balances_after"])
    for account, change, balance_after in zip(*columns, strict=True):
        yield AccountChange(Account(account), change, balance_after)
