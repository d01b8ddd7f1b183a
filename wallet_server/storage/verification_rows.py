"""What rows say, as values of the core. What cannot be read is a finding, not an exception."""

from collections.abc import Sequence

import asyncpg

from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.decision import Outcome
from wallet_server.core.fingerprint import is_readable
from wallet_server.storage.documents import bet_from_json, refusal_from_json

UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a document raises that is not as the program writes it."""

BET_COLUMNS = ("state", "sequence", "revision", "stake", "create_time")


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
    """Returns the answer of a row, without its entries."""
    if not is_readable(row["fingerprint"]):
        message = "its fingerprint is in an unknown form"
        raise ValueError(message)
    return Answer(
        request_id=row["request_id"],
        sequence=row["sequence"],
        command=row["command"],
        fingerprint=row["fingerprint"],
        answer_time=row["answer_time"],
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        refusal=None if row["refusal"] is None else refusal_from_json(row["refusal"]),
        bet=None if row["bet"] is None else bet_from_json(row["bet"]),
    )


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


def read_deposit(row: asyncpg.Record) -> Deposit:
    """Returns the deposit of a row."""
    return Deposit(
        deposit_id=row["deposit_id"],
        bucket=row["bucket"],
        asset_code=row["asset_code"],
        amount=row["amount"],
        state=DepositState(row["state"]),
        sequence=row["sequence"],
        create_time=row["create_time"],
    )


def read_bets(rows: Sequence[asyncpg.Record]) -> tuple[Bet | None, list[Finding]]:
    """Returns the bet of one row or none, and where document and columns do not agree."""
    if not rows:
        return None, []
    row = rows[0]
    subject = f"{row['provider_id']}/{row['bet_ref']}"
    try:
        bet = bet_from_json(row["document"])
    except UNREADABLE as error:
        message = f"{type(error).__name__}: {error}"
        return None, [Finding(Check.BET_UNREADABLE, subject, message)]
    differing = [column for column in BET_COLUMNS if row[column] != getattr(bet, column)]
    if (bet.key.provider_id, bet.key.bet_ref) != (row["provider_id"], row["bet_ref"]):
        differing.append("key")
    return bet, [
        Finding(Check.BET_COLUMNS, subject, f"the document has another {column}")
        for column in differing
    ]


def read_declined(rows: Sequence[asyncpg.Record]) -> list[Bet]:
    """Returns those bets that can be read. `read_bets` finds the others."""
    return [bet for bet, _ in (read_bets([row]) for row in rows) if bet is not None]
