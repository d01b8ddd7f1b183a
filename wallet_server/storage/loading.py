"""Loads all that the decisions of a batch may look at, in one statement.

One statement reads one snapshot, so a decision never sees a wallet and its bets from
different moments. It runs outside the transaction that records the batch and takes no
predicate locks; recording checks, by the wallets' sequences, that nothing has
happened in between.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from asyncpg import Record

from wallet_server.core.answer import Answer
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.wallet import AccountStatus, Wallet
from wallet_server.storage.connections import Connection
from wallet_server.storage.json_text import to_json
from wallet_server.storage.keys import key_of
from wallet_server.storage.load_statement import LOAD
from wallet_server.storage.rows import (
    answer_from_row,
    bet_from_row,
    deposit_from_row,
    wallet_from_row,
)

KINDS = ("wallet", "player", "tenant", "answer", "bet", "deposit")

Name = TypeVar("Name")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch wants to look at. Each name is there once.

    A wallet's player comes with it. `players` are those whose wallets may not be open.
    """

    wallets: Sequence[WalletRef]
    requests: Sequence[tuple[WalletRef, str]] = ()
    bets: Sequence[tuple[WalletRef, BetKey]] = ()
    deposits: Sequence[tuple[WalletRef, str]] = ()
    players: Sequence[WalletRef] = ()


@dataclass(slots=True)
class Loaded:
    """What there was of it. Statuses are there for known players, epochs for tenants.

    At `contended` wallets servers have met lately, and take turns. The places are where rows
    lie, until anybody changes them.
    """

    wallets: dict[WalletRef, Wallet] = field(default_factory=dict[WalletRef, Wallet])
    statuses: dict[tuple[str, str], AccountStatus] = field(
        default_factory=dict[tuple[str, str], AccountStatus]
    )
    epochs: dict[str, int] = field(default_factory=dict[str, int])
    answers: dict[tuple[WalletRef, str], Answer] = field(
        default_factory=dict[tuple[WalletRef, str], Answer]
    )
    contended: set[WalletRef] = field(default_factory=set[WalletRef])
    wallet_places: dict[WalletRef, str] = field(default_factory=dict[WalletRef, str])
    bet_places: dict[tuple[WalletRef, BetKey], str] = field(
        default_factory=dict[tuple[WalletRef, BetKey], str]
    )


async def load(connection: Connection, wanted: Wanted) -> Loaded:
    """Loads what is wanted, as it was at one moment."""
    tenants = list({ref.tenant_id for ref in wanted.wallets})
    rows: dict[str, list[Record]] = {kind: [] for kind in KINDS}
    for row in await connection.fetch(LOAD.sql, *LOAD.arguments(_arguments(wanted, tenants))):
        rows[row["kind"]].append(row)
    loaded = Loaded(
        statuses={
            (ref.tenant_id, ref.player_id): AccountStatus(row["status"])
            for ref, row in _named(wanted.players, rows["player"])
        },
        epochs={tenant_id: row["sequence"] for tenant_id, row in _named(tenants, rows["tenant"])},
        answers={
            (ref, request_id): answer_from_row(row, request_id)
            for (ref, request_id), row in _named(wanted.requests, rows["answer"])
        },
    )
    bets: dict[WalletRef, dict[BetKey, Bet]] = {}
    for (ref, key), row in _named(wanted.bets, rows["bet"]):
        bets.setdefault(ref, {})[key] = bet_from_row(row, key)
        loaded.bet_places[ref, key] = row["row_place"]
    deposits: dict[WalletRef, dict[str, Deposit]] = {}
    for (ref, deposit_id), row in _named(wanted.deposits, rows["deposit"]):
        deposits.setdefault(ref, {})[deposit_id] = deposit_from_row(row, deposit_id)
    for ref, row in _named(wanted.wallets, rows["wallet"]):
        _take_wallet(loaded, ref, row, bets.get(ref), deposits.get(ref))
    return loaded


def _named(names: Sequence[Name], rows: Sequence[Record]) -> Iterator[tuple[Name, Record]]:
    """Yields each row with the name that it was found by."""
    for row in rows:
        place: int = row["place"]
        yield names[place - 1], row


def _take_wallet(
    loaded: Loaded,
    ref: WalletRef,
    row: Record,
    bets: Mapping[BetKey, Bet] | None,
    deposits: Mapping[str, Deposit] | None,
) -> None:
    """Takes in a wallet with its player, and what was loaded of it."""
    status = AccountStatus(row["status"])
    loaded.statuses[ref.tenant_id, ref.player_id] = status
    loaded.wallet_places[ref] = row["row_place"]
    if row["contended"]:
        loaded.contended.add(ref)
    loaded.wallets[ref] = wallet_from_row(ref, row, status, bets=bets, deposits=deposits)


def _arguments(wanted: Wanted, tenants: Sequence[str]) -> dict[str, object]:
    return {
        "wallets": to_json([key_of(ref) for ref in wanted.wallets]),
        "players": to_json(
            [(key_of(ref)[0], ref.tenant_id, ref.player_id) for ref in wanted.players]
        ),
        "tenants": to_json(tenants),
        "requests": to_json([(*key_of(ref), name, ref.tenant_id) for ref, name in wanted.requests]),
        "bets": to_json(
            [
                (*key_of(ref), key.provider_id, key.bet_ref, ref.tenant_id)
                for ref, key in wanted.bets
            ]
        ),
        "deposits": to_json([(*key_of(ref), name) for ref, name in wanted.deposits]),
    }
