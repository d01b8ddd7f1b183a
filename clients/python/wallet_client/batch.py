"""Sends many commands in few calls, each until it is answered or time is up.

A call may be answered in part: what is refused is answered, and what is not answered
is sent again, as it was and in its order. So is a later command of the same wallet that
did not find what it is about, as it may have missed the one before.

A call that ends because a message is too large may have been carried out, as the message
may be the response. Its commands are sent again in two calls of half as many.
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
    | pb.CashOutBetRequest
    | pb.CreditWinRequest
    | pb.CloseRoundRequest
    | pb.PlayRoundRequest
    | pb.RollbackRoundRequest
    | pb.ReleaseSuspenseRequest
    | pb.GrantCouponRequest
    | pb.RevokeCouponRequest
    | pb.ExpireCouponsRequest
    | pb.CreditPromotionRequest
    | pb.ReversePromotionRequest
    | pb.ForfeitBonusRequest
    | pb.TransferFundsRequest
    | pb.CompleteRollingRequest
    | pb.CancelRollingRequest
    | pb.CreateDepositRequest
    | pb.DeclineDepositRequest
    | pb.ReverseDepositRequest
    | pb.WriteOffDebtRequest
    | pb.RequestWithdrawalRequest
    | pb.ApproveWithdrawalRequest
    | pb.RejectWithdrawalRequest
    | pb.SubmitWithdrawalRequest
    | pb.ConfirmWithdrawalRequest
    | pb.FailWithdrawalRequest
    | pb.CancelWithdrawalRequest
    | pb.ReturnWithdrawalRequest
    | pb.SetAccountStatusRequest
    | pb.SetLimitRequest
    | pb.ConfirmLimitIncreaseRequest
    | pb.ReplanAuthorizationRequest
)
CommandResponse: TypeAlias = (
    pb.OpenWalletResponse
    | pb.ApproveDepositResponse
    | pb.AdjustBalanceResponse
    | pb.AuthorizeBetResponse
    | pb.SettleBetResponse
    | pb.UnsettleBetResponse
    | pb.RollbackTransactionResponse
    | pb.CashOutBetResponse
    | pb.CreditWinResponse
    | pb.CloseRoundResponse
    | pb.PlayRoundResponse
    | pb.RollbackRoundResponse
    | pb.ReleaseSuspenseResponse
    | pb.GrantCouponResponse
    | pb.RevokeCouponResponse
    | pb.ExpireCouponsResponse
    | pb.CreditPromotionResponse
    | pb.ReversePromotionResponse
    | pb.ForfeitBonusResponse
    | pb.TransferFundsResponse
    | pb.CompleteRollingResponse
    | pb.CancelRollingResponse
    | pb.CreateDepositResponse
    | pb.DeclineDepositResponse
    | pb.ReverseDepositResponse
    | pb.WriteOffDebtResponse
    | pb.RequestWithdrawalResponse
    | pb.ApproveWithdrawalResponse
    | pb.RejectWithdrawalResponse
    | pb.SubmitWithdrawalResponse
    | pb.ConfirmWithdrawalResponse
    | pb.FailWithdrawalResponse
    | pb.CancelWithdrawalResponse
    | pb.ReturnWithdrawalResponse
    | pb.SetAccountStatusResponse
    | pb.SetLimitResponse
    | pb.ConfirmLimitIncreaseResponse
    | pb.ReplanAuthorizationResponse
)
CommandOutcome: TypeAlias = CommandResponse | WalletError
"""What a method of its own would have returned, or raised."""

Send: TypeAlias = Callable[[pb.ExecuteBatchRequest, float], Awaitable[pb.ExecuteBatchResponse]]
"""Sends a call and waits for so many seconds."""

SendNow: TypeAlias = Callable[[pb.ExecuteBatchRequest], Awaitable[pb.ExecuteBatchResponse]]
"""Sends a call and waits as long as there is time."""

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

    def send_now(call: pb.ExecuteBatchRequest) -> Awaitable[pb.ExecuteBatchResponse]:
        return send(call, min(policy.attempt_seconds, end - loop.time()))

    for attempt in range(policy.attempts_max):
        left = [item for item in items if item.to_send]
        note_all(left, await ask(left, send_now))
        left = [item for item in left if item.to_send]
        if not left or attempt + 1 == policy.attempts_max:
            return
        pause = policy.pause_seconds(attempt, max(map(asked_seconds, left)))
        if loop.time() + pause >= end:
            return
        await asyncio.sleep(pause)


async def ask(items: Sequence[Item], send: SendNow) -> list[CommandOutcome]:
    """Sends commands in one call, or in several if a message of that is too large.

    What fails the call is what becomes of each.
    """
    try:
        response = await send(call_of(items))
    except grpc.aio.AioRpcError as failure:
        error = error_of(failure)
        return (
            await ask_for_less(items, send, error) if is_too_large(error) else [error] * len(items)
        )
    if len(response.results) != len(items):
        error = unreadable(f"{len(response.results)} results for {len(items)} commands")
        return [unknown_outcome(error, item.request.request_id) for item in items]
    return [outcome_in(*pair) for pair in zip(items, response.results, strict=True)]


async def ask_for_less(
    items: Sequence[Item], send: SendNow, error: WalletError
) -> list[CommandOutcome]:
    """Sends commands again in two calls, after an error of a call that was too large.

    What became of one that was alone is unknown: its response may be what is too large.
    """
    if len(items) == 1:
        return [unknown_outcome(error, items[0].request.request_id)]
    for item in items:
        item.may_be_done = True
    middle = len(items) // 2
    return [*await ask(items[:middle], send), *await ask(items[middle:], send)]


def is_too_large(error: WalletError) -> bool:
    """Tells whether gRPC has dropped a message: the request, or the response to what is done."""
    return error.code is grpc.StatusCode.RESOURCE_EXHAUSTED and not error.reason


def call_of(items: Sequence[Item]) -> pb.ExecuteBatchRequest:
    """Returns the call that carries the commands."""
    places: list[Any] = [{PLACES[i.request.DESCRIPTOR.full_name]: i.request} for i in items]
    return pb.ExecuteBatchRequest(commands=[pb.BatchCommand(**place) for place in places])


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


def outcome_in(item: Item, result: pb.BatchResult) -> CommandOutcome:
    """Returns what the result for a command says."""
    kind = result.WhichOneof("result")
    if kind is None:
        return unknown_outcome(unreadable("an empty result"), item.request.request_id)
    if kind == "error":
        return error_of_status(result.error)
    response: CommandResponse = getattr(result, kind)
    return response


def unreadable(what: str) -> WalletError:
    """Returns the error for a response that is not as it must be."""
    return error_in(grpc.StatusCode.INTERNAL, f"the server has sent {what}", Details())


def asked_seconds(item: Item) -> float:
    """Returns the pause that the server asks for, zero for none."""
    delay = item.outcome.retry_delay_seconds if isinstance(item.outcome, WalletError) else None
    return delay or 0
