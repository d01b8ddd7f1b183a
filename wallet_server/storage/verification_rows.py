"""What rows say, as values of the core. What cannot be read is a finding, not an exception."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import asyncpg

from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.audit.event_audit import StoredEvent
from wallet_server.core.audit.item_audit import find_column_problems
from wallet_server.core.audit.player_audit import find_player_problems
from wallet_server.core.audit.round_audit import Member
from wallet_server.core.audit.win_audit import find_win_column_problems
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.events.event import EventType, Payload
from wallet_server.core.fingerprint import is_readable
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item
from wallet_server.core.players.player import ORDINARY_PLAYER, Player
from wallet_server.core.rounds.win import CashOutRef, Win, WinState
from wallet_server.storage.documents import BetGoneError, answered_bet_from_json
from wallet_server.storage.event_documents import read_payload
from wallet_server.storage.items import read_item, state_of, state_of_win
from wallet_server.storage.players import player_from_row
from wallet_server.storage.rows import (
    answer_with_bet,
    bet_from_row,
    placed_bet_from_row,
    win_from_row,
)
from wallet_server.storage.terms import digest_of

UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a document raises that is not as the program writes it."""


def read_answers(rows: Sequence[asyncpg.Record]) -> tuple[list[Answer], list[Finding]]:
    """Returns the answers, without their entries, and which of them cannot be read."""
    answers: list[Answer] = []
    problems: list[Finding] = []
    for row in rows:
        try:
            answers.append(read_answer(row))
        except UNREADABLE as error:
            message = f"request {row['request_id']}: {type(error).__name__}: {error}"
            problems.append(Finding(Check.ANSWER_UNREADABLE, f"#{row['sequence']}", message))
    return answers, problems


def read_answer(row: asyncpg.Record) -> Answer:
    """Returns the answer of a row, without its entries, and without a bet that is gone."""
    if not is_readable(row["fingerprint"]):
        message = "its fingerprint is in an unknown form"
        raise ValueError(message)
    bet: Bet | None = None
    if row["answered_bet"]:
        key = BetKey(row["provider_id"], row["bet_ref"])
        placed: Bet | None = None
        with suppress(*UNREADABLE):  # Found where bets are read.
            placed = placed_bet_from_row(row, key)
        with suppress(BetGoneError):  # Found where the bet is followed.
            bet = answered_bet_from_json(row["answered_bet"], key, placed)
    return answer_with_bet(row, row["request_id"], bet)


def read_entry(row: asyncpg.Record) -> PostedEntry:
    """Returns the entry of a row."""
    lines = zip(row["accounts"], row["changes"], row["balances_after"], strict=False)
    return PostedEntry(
        sequence=row["sequence"],
        ordinal=row["ordinal"],
        asset_code=row["asset_code"],
        changes=tuple(AccountChange(Account(a), change, after) for a, change, after in lines),
        entry_time=row["entry_time"],
        request_id=row["request_id"],
        command=row["command"],
        provider_id=row["provider_id"] or "",
        bet_ref=row["bet_ref"] or "",
        correlation_id=row["correlation_id"],
    )


def read_event(row: asyncpg.Record) -> StoredEvent:
    """Returns the event of a row."""
    payload: Payload | None = None
    with suppress(*UNREADABLE):  # Found as such.
        payload = read_payload(EventType(row["type"]), row["document"])
    return StoredEvent(
        sequence=row["event_sequence"],
        wallet_sequence=row["sequence"],
        position=row["position"],
        is_first=row["is_first"],
        event_time=row["event_time"],
        command=row["command"],
        request_id=row["request_id"],
        payload=payload,
    )


def read_bets(
    rows: Sequence[asyncpg.Record],
) -> tuple[Bet | Win | CashOutRef | None, list[Finding]]:
    """Returns the bet, win or cash-out of one row or none, and what keeps it from being read."""
    if not rows:
        return None, []
    row = rows[0]
    key = BetKey(row["provider_id"], row["bet_ref"])
    subject = f"{key.provider_id}/{key.bet_ref}"
    try:
        if row["bet_kind"] is not None:
            win = win_from_row(row)
            return win, list(find_win_column_problems(win, state_of_win(win), dict(row)))
        bet = bet_from_row(row, key)
    except UNREADABLE as error:
        message = f"{type(error).__name__}: {error}"
        return None, [Finding(Check.BET_UNREADABLE, subject, message)]
    if row["terms"] is not None and not is_named(row["terms_id"], row["terms"]):
        return bet, [Finding(Check.BET_TERMS, subject, "its terms are not those that it names")]
    return bet, []


def is_named(terms_id: UUID, document: str) -> bool:
    """Tells whether an id is of a document: as servers make it, or as a migration did."""
    text = document.encode()
    made_by_migration = hashlib.md5(text, usedforsecurity=False).digest()
    return terms_id.bytes in (digest_of(document), made_by_migration)


def read_declined(rows: Sequence[asyncpg.Record]) -> list[Bet]:
    """Returns those bets that can be read. `read_bets` finds the others."""
    return [bet for bet, _ in (read_bets([row]) for row in rows) if isinstance(bet, Bet)]


def read_item_row(row: asyncpg.Record) -> tuple[Item | None, list[Finding]]:
    """Returns the item of a row, and what is wrong with the row."""
    try:
        item = read_item(row["kind"], row["item_text"])
    except UNREADABLE as error:
        subject = f"{row['kind']} {row['item_id']}"
        message = f"{type(error).__name__}: {error}"
        return None, [Finding(Check.ITEM_UNREADABLE, subject, message)]
    return item, list(find_column_problems(item, state_of(item), dict(row)))


def read_player(row: asyncpg.Record) -> tuple[Player, list[Finding]]:
    """Returns the player of a wallet's row, and what is wrong with the player."""
    if row["status"] is None:
        finding = Finding(Check.PLAYER_MISSING, "", "its player is not on record")
        return ORDINARY_PLAYER, [finding]
    try:
        player = player_from_row(row)
    except UNREADABLE as error:
        message = f"{type(error).__name__}: {error}"
        return ORDINARY_PLAYER, [Finding(Check.PLAYER_UNREADABLE, row["player_id"], message)]
    messages = find_player_problems(player, row["due_time"])
    return player, [Finding(Check.PLAYER, row["player_id"], message) for message in messages]


def read_member(row: asyncpg.Record) -> Member:
    """Returns a member of a round: the row of a bet, or of a win."""
    stands = row["state"] not in {BetState.ROLLED_BACK, WinState.RETURNED}
    return Member(row["bet_ref"], is_bet=row["bet_kind"] is None, stands=stands)
