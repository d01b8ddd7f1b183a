"""Callers that play, note what they were told, and turn to another server when one dies."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import grpc
import grpc.aio
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from tests.rpc.batches import batch_of, response_in
from tests.rpc.failures import Failure
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import Entry, WalletRef

TENANT = "demo"
CALL_SECONDS_MAX = 10.0
PAUSE_SECONDS = 0.02
OPEN_BETS_MAX = 3
BATCH_COMMANDS_MAX = 12

UNANSWERED = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
}

Key: TypeAlias = tuple[str, str]
"""A player and a request id."""


@dataclass(frozen=True)
class Told:
    """What a caller was told: a sequence and its postings, or the reason for a refusal."""

    sequence: int = 0
    postings: tuple[tuple[str, int], ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Call:
    """A request on its way to a method. Its metadata says who asks, if anything does."""

    method: str
    request: Any
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> Key:
        """The request's name."""
        return self.request.wallet.player_id, self.request.request_id


@dataclass
class Log:
    """What was sent, and what callers heard of it."""

    sent: dict[Key, Call] = field(default_factory=dict[Key, Call])
    told: dict[Key, Told] = field(default_factory=dict[Key, Told])
    unanswered_count: int = 0
    batches_count: int = 0

    @property
    def unacknowledged(self) -> list[Call]:
        """The calls that nobody was told about."""
        return [call for key, call in self.sent.items() if key not in self.told]


def postings_of(entries: Sequence[Entry]) -> tuple[tuple[str, int], ...]:
    """Returns the changes of entries, by account."""
    return tuple(
        sorted((change.account, change.change) for entry in entries for change in entry.changes)
    )


def reason_of(error: grpc.aio.AioRpcError) -> str:
    """Returns why a call was refused."""
    status = rpc_status.from_call(error)  # pyright: ignore[reportArgumentType] - it has all it needs.
    info = error_details_pb2.ErrorInfo()
    assert status is not None, error
    for detail in status.details:
        if detail.Unpack(info):
            return info.reason
    raise AssertionError(error)


async def ask(stub: WalletCommandsStub, call: Call) -> Told | None:
    """Sends a request once. Returns none where it is not known what became of it."""
    try:
        response = await getattr(stub, call.method)(call.request, timeout=CALL_SECONDS_MAX)
    except grpc.aio.AioRpcError as error:
        if error.code() in UNANSWERED:
            return None
        return Told(reason=reason_of(error))
    return Told(response.sequence, postings_of(response.entries))


async def ask_all(stub: WalletCommandsStub, calls: Sequence[Call]) -> list[Told | None]:
    """Sends requests once, in one call. Returns none for those of which nothing is known."""
    if len(calls) == 1:
        return [await ask(stub, calls[0])]
    execute: Any = stub.ExecuteBatch
    try:
        batch = batch_of(*(call.request for call in calls))
        response = await execute(batch, timeout=CALL_SECONDS_MAX)
    except grpc.aio.AioRpcError as error:
        if error.code() not in UNANSWERED:
            raise
        return [None] * len(calls)
    return [told_in(result) for result in response.results]


def told_in(result: pb.BatchResult) -> Told | None:
    """Returns what a caller is told by a result in a batch."""
    answer = response_in(result)
    if not isinstance(answer, Failure):
        return Told(answer.sequence, postings_of(answer.entries))
    return None if answer.code in UNANSWERED else Told(reason=answer.reason)


@dataclass
class Caller:
    """Plays on random wallets, which it shares with all others."""

    name: str
    stubs: list[WalletCommandsStub]
    players: Sequence[str]
    log: Log
    random: random.Random
    calls_count: int = 0
    open_bets: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    async def play(self, is_over: asyncio.Event) -> None:
        """Sends one command after another, or some at once."""
        while not is_over.is_set():
            calls = [self.next_call()]
            if self.random.random() < 0.3:
                calls += [
                    self.next_call() for _ in range(self.random.randrange(BATCH_COMMANDS_MAX))
                ]
                calls.append(self.random.choice(calls))  # One of them twice.
                self.log.batches_count += 1
            await self.send(calls)

    async def send(self, calls: Sequence[Call]) -> None:
        """Sends requests until they are answered; sometimes gives up instead of trying again."""
        self.log.sent.update((call.key, call) for call in calls)
        while calls := await self.send_once(calls):
            self.log.unanswered_count += 1
            self.stubs.reverse()  # The other server, for these requests and those to come.
            if self.random.random() < 0.3:
                return
            await asyncio.sleep(PAUSE_SECONDS)

    async def send_once(self, calls: Sequence[Call]) -> list[Call]:
        """Sends requests, and notes the answers. Returns those that got none."""
        answers = await ask_all(self.stubs[0], calls)
        for call, told in zip(calls, answers, strict=True):
            if told is not None:
                self.note(call, told)
        return [call for call, told in zip(calls, answers, strict=True) if told is None]

    def note(self, call: Call, told: Told) -> None:
        """Notes an answer. A request that is sent twice gets it twice."""
        is_new = call.key not in self.log.told
        assert self.log.told.setdefault(call.key, told) == told, call.key
        if is_new and call.method == "AuthorizeBet" and not told.reason:
            self.open_bets.append((call.request.wallet.player_id, call.request.bet_ref))

    def next_call(self) -> Call:
        """Makes up the next request: bets, their results, rollbacks, deposits."""
        self.calls_count += 1
        request_id = f"{self.name}-{self.calls_count}"
        choice = self.random.random()
        if len(self.open_bets) >= OPEN_BETS_MAX or (self.open_bets and choice < 0.4):
            return self.end_bet(request_id)
        player_id = self.random.choice(self.players)
        named: dict[str, Any] = {"request_id": request_id, "wallet": wallet_of(player_id)}
        if choice < 0.85:
            stake = Money(asset_code="EUR", minor_units=self.random.randint(1, 50))
            return Call(
                "AuthorizeBet",
                pb.AuthorizeBetRequest(
                    **named, provider_id="acme-sports", bet_ref=request_id, stake=stake
                ),
            )
        amount = Money(asset_code="EUR", minor_units=self.random.randint(1, 100))
        return Call(
            "ApproveDeposit",
            pb.ApproveDepositRequest(
                **named, deposit_id=request_id, bucket="sports_normal", amount=amount
            ),
        )

    def end_bet(self, request_id: str) -> Call:
        """Settles or rolls back a bet that is open."""
        player_id, bet_ref = self.open_bets.pop(0)
        named: dict[str, Any] = {
            "request_id": request_id,
            "wallet": wallet_of(player_id),
            "provider_id": "acme-sports",
        }
        if self.random.random() < 0.2:
            rollback = pb.RollbackTransactionRequest(**named, transaction_ref=bet_ref)
            return Call("RollbackTransaction", rollback)
        payout = Money(asset_code="EUR", minor_units=self.random.choice((0, 0, 60)))
        return Call(
            "SettleBet",
            pb.SettleBetRequest(**named, bet_ref=bet_ref, result_version=1, payout=payout),
        )


def wallet_of(player_id: str) -> WalletRef:
    """Returns the wallet of a player."""
    return WalletRef(tenant_id=TENANT, player_id=player_id, currency_code="EUR")


def opening_calls(player_id: str) -> list[Call]:
    """Returns the requests that open a wallet and put money into it."""
    named: dict[str, Any] = {"wallet": wallet_of(player_id)}
    amount = Money(asset_code="EUR", minor_units=500)
    return [
        Call("OpenWallet", pb.OpenWalletRequest(request_id="open", **named)),
        Call(
            "AdjustBalance",
            pb.AdjustBalanceRequest(
                request_id="fund",
                bucket="sports_bonus",
                amount=amount,
                reason_code="TEST",
                **named,
            ),
        ),
    ]
