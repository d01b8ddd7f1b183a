"""Loads all that the decisions of a batch may look at, in one statement.

One statement reads one snapshot, so a decision never sees a wallet and its bets from
different moments. It runs outside the transaction that records the batch and takes no
predicate locks; recording checks, by the wallets' sequences, that nothing has
happened in between.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from asyncpg import Record

from wallet_server.core.answer import Answer
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.players.player import Player
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet
from wallet_server.storage.connections import Connection
from wallet_server.storage.items import read_item
from wallet_server.storage.json_text import to_json
from wallet_server.storage.keys import key_of
from wallet_server.storage.load_statement import LOAD
from wallet_server.storage.players import player_from_row
from wallet_server.storage.rows import answer_from_row, bet_from_row, wallet_from_row, win_from_row
from wallet_server.storage.troubles import WalletMovedError

KINDS = ("wallet", "player", "tenant", "answer", "bet", "item", "live")

Name = TypeVar("Name")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch wants to look at. Each name is there once.

    A wallet's player comes with it. `players` are those whose wallets may not be open.
    `bets` may turn out to be wins or cash-outs. `live` are wallets of which all live items
    are wanted.
    """

    wallets: Sequence[WalletRef]
    requests: Sequence[tuple[WalletRef, str]] = ()
    bets: Sequence[tuple[WalletRef, BetKey]] = ()
    players: Sequence[WalletRef] = ()
    items: Sequence[tuple[WalletRef, ItemKey]] = ()
    live: Sequence[WalletRef] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one wallet beside its own row."""

    bets: dict[BetKey, Bet] = field(default_factory=dict[BetKey, Bet])
    wins: dict[BetKey, Win | CashOutRef] = field(default_factory=dict[BetKey, Win | CashOutRef])
    items: dict[ItemKey, Item] = field(default_factory=dict[ItemKey, Item])


NOTHING = Found()


@dataclass(slots=True)
class Loaded:
    """What there was of it. Players are there by tenant and id, epochs by tenant.

    At `contended` wallets servers have met lately, and take turns. `live_counts` says how
    many live items wallets have that have any. The places are where rows lie, until anybody
    changes them. `outbox_times` are when wallets were last left to be told of, which a wallet
    that never was counts as having been when it last changed.
    """

    wallets: dict[WalletRef, Wallet] = field(default_factory=dict[WalletRef, Wallet])
    players: dict[tuple[str, str], Player] = field(default_factory=dict[tuple[str, str], Player])
    epochs: dict[str, int] = field(default_factory=dict[str, int])
    answers: dict[tuple[WalletRef, str], Answer] = field(
        default_factory=dict[tuple[WalletRef, str], Answer]
    )
    contended: set[WalletRef] = field(default_factory=set[WalletRef])
    live_counts: dict[WalletRef, int] = field(default_factory=dict[WalletRef, int])
    wallet_places: dict[WalletRef, str] = field(default_factory=dict[WalletRef, str])
    outbox_times: dict[WalletRef, datetime] = field(default_factory=dict[WalletRef, datetime])
    bet_places: dict[tuple[WalletRef, BetKey], str] = field(
        default_factory=dict[tuple[WalletRef, BetKey], str]
    )


async def load(connection: Connection, wanted: Wanted) -> Loaded:
    """Loads what is wanted, as it was at one moment."""
    tenants = list({ref.tenant_id for ref in wanted.wallets})
    rows = await _fetch(connection, wanted, tenants)
    loaded = Loaded(
        players={
            (ref.tenant_id, ref.player_id): player_from_row(row)
            for ref, row in _named(wanted.players, rows["player"])
        },
        epochs={tenant_id: row["sequence"] for tenant_id, row in _named(tenants, rows["tenant"])},
        answers={
            (ref, request_id): answer_from_row(row, request_id)
            for (ref, request_id), row in _named(wanted.requests, rows["answer"])
        },
    )
    found = _found_of(wanted, rows)
    _note_places(loaded, wanted, rows)
    for ref, row in _named(wanted.wallets, rows["wallet"]):
        _take_wallet(loaded, ref, row, found.get(ref, NOTHING))
    return loaded


async def load_more(connection: Connection, wanted: Wanted, loaded: Loaded) -> None:
    """Loads more of wallets that are loaded, and adds it.

    Raises:
        WalletMovedError: A wallet has changed since. What is loaded fits together no more.
    """
    rows = await _fetch(connection, wanted, [])
    for ref, row in _named(wanted.wallets, rows["wallet"]):
        if row["sequence"] != loaded.wallets[ref].sequence:
            raise WalletMovedError
    _note_places(loaded, wanted, rows)
    for ref, found in _found_of(wanted, rows).items():
        wallet = loaded.wallets[ref]
        loaded.wallets[ref] = replace(
            wallet,
            bets={**wallet.bets, **found.bets},
            wins={**wallet.wins, **found.wins},
            items={**wallet.items, **found.items},
        )


async def _fetch(
    connection: Connection, wanted: Wanted, tenants: Sequence[str]
) -> dict[str, list[Record]]:
    """Returns the rows of what is wanted, by their kind."""
    rows: dict[str, list[Record]] = {kind: [] for kind in KINDS}
    for row in await connection.fetch(LOAD.sql, *LOAD.arguments(_arguments(wanted, tenants))):
        rows[row["kind"]].append(row)
    return rows


def _note_places(loaded: Loaded, wanted: Wanted, rows: Mapping[str, Sequence[Record]]) -> None:
    """Notes where bets lie."""
    for (ref, key), row in _named(wanted.bets, rows["bet"]):
        loaded.bet_places[ref, key] = row["row_place"]


def _found_of(wanted: Wanted, rows: Mapping[str, Sequence[Record]]) -> dict[WalletRef, Found]:
    """Returns what was found of wallets beside their own rows."""
    of_wallets: defaultdict[WalletRef, Found] = defaultdict(Found)
    for (ref, key), row in _named(wanted.bets, rows["bet"]):
        if row["bet_kind"] is None:
            of_wallets[ref].bets[key] = bet_from_row(row, key)
        else:
            of_wallets[ref].wins[key] = win_from_row(row)
    named_items = [(ref, row) for (ref, _), row in _named(wanted.items, rows["item"])]
    for ref, row in [*named_items, *_named(wanted.live, rows["live"])]:
        item = read_item(row["item_kind"], row["document"])
        of_wallets[ref].items[item.key] = item
    return of_wallets


def _named(names: Sequence[Name], rows: Sequence[Record]) -> Iterator[tuple[Name, Record]]:
    """Yields each row with the name that it was found by."""
    for row in rows:
        place: int = row["place"]
        yield names[place - 1], row


def _take_wallet(loaded: Loaded, ref: WalletRef, row: Record, found: Found) -> None:
    """Takes in a wallet with its player, and what was loaded of it."""
    player = player_from_row(row)
    loaded.players[ref.tenant_id, ref.player_id] = player
    loaded.wallet_places[ref] = row["row_place"]
    loaded.outbox_times[ref] = row["outbox_time"] or row["update_time"]
    if row["contended"]:
        loaded.contended.add(ref)
    if row["live_items"]:
        loaded.live_counts[ref] = row["live_items"]
    loaded.wallets[ref] = wallet_from_row(
        ref, row, player, bets=found.bets, wins=found.wins, items=found.items
    )


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
        "items": to_json([(*key_of(ref), *key) for ref, key in wanted.items]),
        "live": to_json([key_of(ref) for ref in wanted.live]),
    }
