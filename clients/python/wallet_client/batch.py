"""Sends many commands in few calls, each until it is answered or time is up.

A call may be answered in part: what is refused is answered, and what is not answered
is sent again, as it was and in its order. So is a later command of the same wallet that
did not find what it is about, as it may have missed the one before.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc
import grpc.aio

from wallet.v1 import wallet_commands_pb2 as pb
from wallet_client.errors import (
    Details,
    NotFoundError,
    UnavailableError,
    WalletError,
    error_in,
    error_of,
    error_of_status,
    unknown_outcome,
)
from wallet_client.retry import NOTHING_DONE, UNANSWERED, RetryPolicy

COMMANDS_MAX = 500
"""In one call."""

CommandRequest: TypeAlias = (
    pb.OpenWalletRequest
    | pb.ApproveDepositRequest
    | pb.AdjustBalanceRequest
    | pb.AuthorizeBetRequest
    | pb.SettleBetRequest
    | pb.UnsettleBetRequest
    | pb.RollbackTransactionRequest
)
CommandResponse: TypeAlias = (
    pb.OpenWalletResponse
    | pb.ApproveDepositResponse
    | pb.AdjustBalanceResponse
    | pb.AuthorizeBetResponse
    | pb.SettleBetResponse
    | pb.UnsettleBetResponse
    | pb.RollbackTransactionResponse
)
CommandOutcome: TypeAlias = CommandResponse | WalletError
"""What a method of its own would have returned, or raised."""

Send: TypeAlias = Callable[[pb.ExecuteBatchRequest, float], Awaitable[pb.ExecuteBatchResponse]]
"""Sends a call and waits for so many seconds."""

PLACES: dict[str, str] = {
    place.message_type.full_name: place.name
    for place in pb.BatchCommand.DESCRIPTOR.fields
    if place.message_type is not None
}
"""By request: what `BatchCommand` calls it."""

NOT_SENT = error_in(
    grpc.StatusCode.UNAVAILABLE, "not sent, as nothing before it was answered", Details()
)


@dataclass(slots=True)
class Item:
    """A command on its way, and what is known of it so far."""

    request: CommandRequest
    outcome: CommandOutcome = NOT_SENT
    to_send: bool = True
    may_be_done: bool = False

    def note(self, outcome: CommandOutcome) -> None:
        """Notes what an attempt came to."""
        self.outcome = outcome
        self.to_send = isinstance(outcome, WalletError) and outcome.code in UNANSWERED
        if isinstance(outcome, WalletError) and self.to_send:
            self.may_be_done |= outcome.reason not in NOTHING_DONE

    @property
    def final(self) -> CommandOutcome:
        """What the caller is told in the end."""
        if self.may_be_done and isinstance(self.outcome, UnavailableError):
            return unknown_outcome(self.outcome, self.request.request_id)
        return self.outcome


async def send_all(
    requests: Sequence[CommandRequest], send: Send, policy: RetryPolicy
) -> list[CommandOutcome]:
    """Returns what became of each command, in their order.

    The policy holds for each call of up to 500. Where nothing in one is answered in
    time, those after it are not sent.
    """
    items = [Item(request) for request in requests]
    for start in range(0, len(items), COMMANDS_MAX):
        part = items[start : start + COMMANDS_MAX]
        await send_part(part, send, policy)
        if all(item.to_send for item in part):
            break
    return [item.final for item in items]


async def send_part(items: Sequence[Item], send: Send, policy: RetryPolicy) -> None:
    """Sends commands, and again those without an answer, as often as the policy lets it."""
    loop = asyncio.get_running_loop()
    end = loop.time() + policy.total_seconds
    for attempt in range(policy.attempts_max):
        left = [item for item in items if item.to_send]
        note_all(left, await ask(left, send, min(policy.attempt_seconds, end - loop.time())))
        left = [item for item in left if item.to_send]
        if not left or attempt + 1 == policy.attempts_max:
            return
        pause = policy.pause_seconds(attempt, max(map(asked_seconds, left)))
        if loop.time() + pause >= end:
            return
        await asyncio.sleep(pause)


async def ask(items: Sequence[Item], send: Send, seconds: float) -> list[CommandOutcome]:
    """Sends commands in one call. What fails the call is what becomes of each."""
    places: list[Any] = [{PLACES[i.request.DESCRIPTOR.full_name]: i.request} for i in items]
    call = pb.ExecuteBatchRequest(commands=[pb.BatchCommand(**place) for place in places])
    try:
        response = await send(call, seconds)
    except grpc.aio.AioRpcError as failure:
        return [error_of(failure)] * len(items)
    return [outcome_in(result) for result in response.results]


def note_all(items: Sequence[Item], outcomes: Sequence[CommandOutcome]) -> None:
    """Notes what became of each, and who may have missed one that is not answered."""
    missing: set[tuple[str, str, str]] = set()
    for item, outcome in zip(items, outcomes, strict=True):
        item.note(outcome)
        wallet = item.request.wallet
        name = (wallet.tenant_id, wallet.player_id, wallet.currency_code)
        if item.to_send:
            missing.add(name)
        elif isinstance(outcome, NotFoundError) and name in missing:
            item.to_send = True


def outcome_in(result: pb.BatchResult) -> CommandOutcome:
    """Returns what a result says."""
    kind = result.WhichOneof("result")
    if kind is None or kind == "error":
        return error_of_status(result.error)
    response: CommandResponse = getattr(result, kind)
    return response


def asked_seconds(item: Item) -> float:
    """Returns the pause that the server asks for, zero for none."""
    delay = item.outcome.retry_delay_seconds if isinstance(item.outcome, WalletError) else None
    return delay or 0
