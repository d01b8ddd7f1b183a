"""Calls of many bets, and a server that answers some and fails others."""

from collections.abc import Callable, Sequence
from typing import Any

from google.protobuf.message import Message
from google.rpc.status_pb2 import Status

from tests.client.scripted import ScriptedServer, Step
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_pb2 import WalletRef
from wallet_client import WalletError

Context = Any
Judge = Callable[[int, str], Status | None]
"""What a command fails with at an attempt, by its `request_id`; none if it does not."""


def answers(judge: Judge) -> Step:
    """Answers every command of a call; the judge says which fail."""
    attempts = iter(range(1_000))

    async def step(call: Any, _context: Context) -> Message:
        attempt = next(attempts)
        results = [result_of(command, judge, attempt) for command in call.commands]
        return pb.ExecuteBatchResponse(results=results)

    return step


def result_of(command: pb.BatchCommand, judge: Judge, attempt: int) -> pb.BatchResult:
    kind = command.WhichOneof("command")
    assert kind is not None
    result = pb.BatchResult()
    error = judge(attempt, getattr(command, kind).request_id)
    if error is not None:
        result.error.MergeFrom(error)
    else:
        getattr(result, kind).sequence = attempt + 1
    return result


def bets(*request_ids: str, player_id: str = "p1") -> list[pb.AuthorizeBetRequest]:
    wallet = WalletRef(tenant_id="demo", player_id=player_id, currency_code="EUR")
    return [pb.AuthorizeBetRequest(request_id=name, wallet=wallet) for name in request_ids]


def sent(scripted: ScriptedServer) -> list[list[str]]:
    """Returns the request ids of each call."""
    return [
        [getattr(each, each.WhichOneof("command")).request_id for each in call.commands]
        for call in scripted.requests
    ]


def words(outcomes: Sequence[object]) -> list[object]:
    """Returns in which attempt each was answered, or its reason."""
    return [
        o.reason if isinstance(o, WalletError) else getattr(o, "sequence", None) for o in outcomes
    ]


def never(_attempt: int, _request_id: str) -> None:
    """Lets every command pass."""
