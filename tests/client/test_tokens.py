"""The client sends a token with every attempt of every call."""

import itertools
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message

from tests.client.scripted import POLICY, ScriptedServer, Step, fails, returns
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1 import wallet_queries_pb2 as queries
from wallet_client import WalletClient


def noting(seen: list[str], *answers: Message) -> list[Step]:
    """Returns steps that note the token of each call, and answer; `UNAVAILABLE` at first."""

    def step(answer: Step) -> Step:
        async def note(request: Message, context: Any) -> Message:
            seen.append(dict(context.invocation_metadata()).get("authorization", ""))
            return await answer(request, context)

        return note

    return [step(fails(grpc.StatusCode.UNAVAILABLE)), *(step(returns(each)) for each in answers)]


async def test_a_token_is_asked_for_before_every_attempt(scripted: ScriptedServer) -> None:
    seen: list[str] = []
    scripted.steps = noting(seen, pb.AuthorizeBetResponse(), pb.AuthorizeBetResponse())
    numbers = itertools.count(1)

    def token() -> str:
        return f"t{next(numbers)}"

    async with WalletClient(scripted.target, policy=POLICY, token=token) as wallets:
        await wallets.authorize_bet(pb.AuthorizeBetRequest())
        await wallets.acting_as("maria").authorize_bet(pb.AuthorizeBetRequest())

    assert seen == ["Bearer t1", "Bearer t2", "Bearer t3"]


async def test_a_token_may_be_a_text_and_goes_with_reads_too(scripted: ScriptedServer) -> None:
    seen: list[str] = []
    scripted.steps = noting(seen, queries.GetWalletResponse())

    async with WalletClient(scripted.target, policy=POLICY, token="own") as wallets:
        await wallets.get_wallet(queries.GetWalletRequest())

    assert seen == ["Bearer own", "Bearer own"]


@pytest.mark.parametrize("token", [None, ""])
async def test_without_a_token_none_is_sent(scripted: ScriptedServer, token: str | None) -> None:
    seen: list[str] = []
    scripted.steps = noting(seen, pb.AuthorizeBetResponse())

    async with WalletClient(scripted.target, policy=POLICY, token=token) as wallets:
        await wallets.authorize_bet(pb.AuthorizeBetRequest())

    assert seen == ["", ""]
