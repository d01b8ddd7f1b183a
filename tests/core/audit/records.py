"""Short ways to say what the journal has on record."""

from datetime import datetime
from functools import cached_property

from tests.core.world import START, World
from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.batch import Recorded
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import Command
from wallet_server.core.decision import Outcome
from wallet_server.core.refusals import Refusal
from wallet_server.core.results import CommandResult


def changes(text: str) -> tuple[AccountChange, ...]:
    """Returns what `bkt:SN +10 =15, H:CASH -10` says: a change, and maybe what it came to."""
    parts = (part.split() for part in text.split(",") if part.strip())
    return tuple(
        AccountChange(Account(name), int(change), int(after[0][1:]) if after else None)
        for name, change, *after in parts
    )


def entry(
    text: str,
    command: str = "AdjustBalance",
    *,
    number: int = 2,
    ordinal: int = 0,
    asset_code: str = "EUR",
    request_id: str = "r",
    time: datetime = START,
    bet: tuple[str, str] = ("", ""),
) -> PostedEntry:
    """Returns an entry with these changes."""
    return PostedEntry(number, ordinal, asset_code, changes(text), time, request_id, command, *bet)


def answer(
    command: str = "AdjustBalance",
    outcome: Outcome | None = Outcome.APPLIED,
    *,
    number: int = 2,
    request_id: str = "r",
    time: datetime = START,
    refusal: Refusal | None = None,
    bet: Bet | None = None,
    result: CommandResult | None = None,
) -> Answer:
    """Returns an answer as `verify` reads it: without its entries."""
    return Answer(request_id, number, command, b"", time, outcome, refusal, bet, (), result)


def told(findings: list[Finding]) -> list[tuple[Check, str, str]]:
    """Returns findings as tuples, so that a failure is easy to read."""
    return [(each.check, each.subject, each.message) for each in findings]


class Recording(World):
    """A world that keeps what its commands recorded."""

    @cached_property
    def answers(self) -> list[Answer]:
        return []

    def run(self, command: Command, request_id: str = "") -> str:
        said = super().run(command, request_id)
        if isinstance(self.last, Recorded):
            self.answers.append(self.last.answer)
        return said
