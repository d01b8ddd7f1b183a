"""Rows as the core's values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from wallet_server.core.accounts import Account, debt
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.bets.bet import Bet, BetState, FundingLine
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.players.player import Player
from wallet_server.core.results import result_from_plain
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet
from wallet_server.storage.documents import (
    answered_bet_from_json,
    read_results,
    refusal_from_json,
)
from wallet_server.storage.items import read_win
from wallet_server.storage.json_text import from_json
from wallet_server.storage.particulars import read_particulars, read_wish, with_coupons
from wallet_server.storage.terms import Terms, TermsGoneError, read_terms

NONE_FROZEN: frozenset[str] = frozenset()

STATES: Mapping[str, BetState] = {each.value: each for each in BetState}
"""Python 3.11 takes a microsecond to find the member of an enum that has a value."""


class Row(Protocol):
    """A row: asyncpg's, or anything else that has columns by name."""

    def __getitem__(self, column: str, /) -> Any:  # noqa: ANN401 - a column of any type.
        """Returns the value of a column."""
        ...


def wallet_from_row(
    ref: WalletRef,
    row: Row,
    player: Player,
    *,
    bets: Mapping[BetKey, Bet] | None = None,
    wins: Mapping[BetKey, Win | CashOutRef] | None = None,
    items: Mapping[ItemKey, Item] | None = None,
) -> Wallet:
    """Returns a wallet with what else was loaded of it."""
    balances: dict[Account, int] = dict(zip(row["accounts"], row["balances"], strict=True))
    for asset_code, owed in zip(row["debt_assets"], row["debts"], strict=True):
        balances[debt(asset_code)] = owed
    frozen = row["frozen_buckets"]
    return Wallet(  # By position, as every command loads one: see `core/batch.py`.
        ref,
        row["sequence"],
        row["create_time"],
        row["update_time"],
        player,
        balances,
        frozenset(frozen) if frozen else NONE_FROZEN,
        bets or {},
        wins or {},
        items or {},
        row["event_sequence"],
    )


def answer_from_row(row: Row, request_id: str) -> Answer:
    """Returns an answer without its entries, which are read apart.

    The row has the columns of the answer and those of its bet, of which `BET_COLUMNS`
    are named as there.

    Raises:
        BetGoneError: The answer tells of a bet that is not on record.
    """
    bet = answered_bet_from_row(row) if row["answered_bet"] else None
    return answer_with_bet(row, request_id, bet)


def answer_with_bet(row: Row, request_id: str, bet: Bet | None) -> Answer:
    """Returns an answer, without its entries, whose bet has been read, if it tells of one."""
    return Answer(
        request_id=request_id,
        sequence=row["sequence"],
        command=row["command"],
        fingerprint=row["fingerprint"],
        answer_time=row["answer_time"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        refusal=refusal_from_json(row["refusal"]) if row["refusal"] else None,
        bet=bet,
        result=result_from_plain(from_json(row["result"])) if row["result"] else None,
    )


def answered_bet_from_row(row: Row) -> Bet:
    """Returns the bet of an answer as it was then."""
    key = BetKey(row["provider_id"], row["bet_ref"])
    return answered_bet_from_json(row["answered_bet"], key, placed_bet_from_row(row, key))


BET: Mapping[str, str] = {
    "state": "b.state",
    "bet_sequence": "b.sequence",
    "revision": "b.revision",
    "stake": "b.stake",
    "bet_create_time": "b.create_time",
    "round_ref": "b.round_ref",
    "selected_source": "b.selected_source",
    "amounts": "b.amounts",
    "results": "b.results::text",
    "bet_refusal": "b.refusal::text",
    "terms": "t.document::text",
    "bet_kind": "b.kind",
    "particulars": "b.particulars::text",
}
"""The columns of a bet `b` with its terms `t`, by what `bet_from_row` calls them."""

BET_COLUMNS = ", ".join(f"{source} AS {name}" for name, source in BET.items())
"""The same, for a statement to select."""


def bet_from_row(row: Row, key: BetKey) -> Bet:
    """Returns a bet. The row has `BET_COLUMNS`."""
    results = row["results"]
    return _bet_from_row(row, key, read_results(from_json(results)) if results else {})


def placed_bet_from_row(row: Row, key: BetKey) -> Bet | None:
    """Returns a bet without its results, if it is there. The row has `BET_COLUMNS`."""
    return _bet_from_row(row, key, {}) if row["state"] and row["bet_kind"] is None else None


def _bet_from_row(row: Row, key: BetKey, results: Mapping[str, Any]) -> Bet:
    amounts: Sequence[int] | None = row["amounts"]
    if amounts is not None and row["terms"] is None:
        raise TermsGoneError(key.bet_ref)
    terms = None if amounts is None else read_terms(row["terms"])
    lines = lines_of(terms, amounts or ()) if terms else ()
    further: dict[str, Any] = {}
    if row["particulars"]:
        particulars = read_particulars(row["particulars"])
        lines = with_coupons(lines, particulars)
        further = read_wish(particulars)
    if row["bet_refusal"]:
        further["refusal"] = refusal_from_json(row["bet_refusal"])
    return Bet(  # By position what all bets have, as in `wallet_from_row`.
        key,
        STATES.get(row["state"]) or BetState(row["state"]),
        row["bet_sequence"],
        row["bet_create_time"],
        row["revision"],
        row["round_ref"] or "",
        row["selected_source"] or "",
        row["stake"],
        lines,
        terms.snapshot if terms else None,
        **further,
        **results,
    )


def win_from_row(row: Row) -> Win | CashOutRef:
    """Returns what a row under a reference is that is no bet. The row has `BET_COLUMNS`."""
    return read_win(row["bet_kind"], row["particulars"])


def lines_of(terms: Terms, amounts: Sequence[int]) -> tuple[FundingLine, ...]:
    """Returns what each source paid, by the amounts in the order of the terms."""
    return tuple(
        [
            FundingLine(source, amount, destinations)
            for (source, destinations), amount in zip(terms.sources, amounts, strict=True)
        ]
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
