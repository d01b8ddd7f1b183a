"""What a target did with a scenario, as it was seen from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NewType

from google.protobuf.message import Message

from wallet.v1.bet_pb2 import Bet
from wallet.v1.cashier_pb2 import Deposit, Withdrawal
from wallet.v1.event_pb2 import Event
from wallet.v1.wallet_pb2 import Entry, Wallet, WalletRef
from wallet.v1.wallet_queries_pb2 import Answer
from wallet_server.conformance.shorthand import Cast

BetName = NewType("BetName", tuple[str, str])
"""A provider and its reference."""

REPLAYED = "replayed"
"""What a response calls that it was given before; a refusal has it in its metadata."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call was answered. `response` is none unless the code is OK.

    A refusal may have `details` beside its reason, by the short names of their messages.
    """

    code: str
    response: Message | None = None
    reason: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    message: str = ""
    details: Mapping[str, Message] = field(default_factory=dict[str, Message])

    def __str__(self) -> str:
        """Returns one line for people."""
        facts = " ".join(f"{key}={value}" for key, value in self.metadata.items())
        return " ".join(part for part in (self.code, self.reason, facts, self.message) if part)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it was sent, and its reply. `path` is the step's, or says which."""

    path: str
    method: str
    request: Message
    reply: Reply


@dataclass(frozen=True, slots=True)
class WalletReading:
    """All that can be read about one wallet. `wallet` is none if it was never opened.

    `answers` has every `request_id` that was sent, with none where nothing is
    recorded; `bets` likewise.
    """

    ref: WalletRef
    wallet: Wallet | None
    entries: Sequence[Entry] = ()
    answers: Mapping[str, Answer | None] = field(default_factory=dict[str, Answer | None])
    bets: Mapping[BetName, Bet | None] = field(default_factory=dict[BetName, Bet | None])
    deposits: Sequence[Deposit] = ()
    withdrawals: Sequence[Withdrawal] = ()
    events: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """One run of a scenario.

    `steps` has the exchanges of each step, none for those that call nothing;
    `setup` those that made what was given; `audit` what the server's own `verify`
    found, if it could be asked. Where time went by, the server may have done what that
    made due, by commands that nobody sent.
    """

    cast: Cast
    setup: Sequence[Exchange]
    steps: Sequence[Sequence[Exchange]]
    readings: Mapping[str, WalletReading]
    audit: Sequence[str] = ()
    time_went_by: bool = False

    @property
    def exchanges(self) -> list[Exchange]:
        """All exchanges."""
        return [*self.setup, *(each for step in self.steps for each in step)]
