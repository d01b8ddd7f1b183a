"""Calls over gRPC, each checked: what is not applied is not fast but wrong."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias

import grpc.aio

from tests.benchmarks.load.scripts import Bet
from tests.benchmarks.traffic import CURRENCY, PROVIDER, STAKE, TENANT
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef
from wallet.v1.wallet_queries_pb2 import GetWalletRequest
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub

Metadata: TypeAlias = tuple[tuple[str, str], ...]


class WrongAnswerError(Exception):
    """A server answered, but not with what must come."""


class GrpcCaller:
    """Calls servers over one connection, and repeats commands over another."""

    def __init__(
        self, channel: grpc.aio.Channel, other: grpc.aio.Channel, metadata: Metadata = ()
    ) -> None:
        """Prepares the calls. The metadata goes with each."""

        def method(of: Any) -> Any:
            return partial(of, metadata=metadata)

        stub: Any = WalletCommandsStub(channel)
        again: Any = WalletCommandsStub(other)
        self._authorize, self._settle = method(stub.AuthorizeBet), method(stub.SettleBet)
        self._again = (method(again.AuthorizeBet), method(again.SettleBet))
        self._batch = method(stub.ExecuteBatch)
        self._get: Any = method(WalletQueriesStub(channel).GetWallet)
        self._last: Any = None

    async def authorize(self, bet: Bet) -> int:
        """Takes a bet."""
        self._last = await self._authorize(authorize_request(bet))
        return check_applied(self._last)

    async def settle(self, bet: Bet) -> int:
        """Settles a bet."""
        self._last = await self._settle(settle_request(bet))
        return check_applied(self._last)

    async def repeat(self, bet: Bet, *, settle: bool) -> int:
        """Sends what was just answered again, to whatever server has the other connection."""
        first = self._last
        request = settle_request(bet) if settle else authorize_request(bet)
        return check_same((first, await self._again[settle](request)))

    async def twice(self, bet: Bet, *, settle: bool) -> int:
        """Sends a command over both connections at once."""
        call = self._settle if settle else self._authorize
        request = settle_request(bet) if settle else authorize_request(bet)
        answers = await asyncio.gather(call(request), self._again[settle](request))
        return 1 + check_same(answers)

    async def read(self, player_id: str) -> int:
        """Reads a wallet."""
        response = await self._get(GetWalletRequest(wallet=wallet(player_id)))
        if response.wallet.wallet.player_id != player_id:
            raise WrongAnswerError(str(response))
        return 1

    async def batch(self, settled: Sequence[Bet], placed: Sequence[Bet]) -> int:
        """Settles and takes bets in one call."""
        commands = [
            *(pb.BatchCommand(settle_bet=settle_request(each)) for each in settled),
            *(pb.BatchCommand(authorize_bet=authorize_request(each)) for each in placed),
        ]
        request = pb.ExecuteBatchRequest(commands=commands)
        response = await self._batch(request)
        if len(response.results) != len(commands):
            raise WrongAnswerError(f"{len(response.results)} results")
        return sum(map(check_result, response.results))


def check_result(result: pb.BatchResult) -> int:
    """Checks one answer of a batch."""
    kind = result.WhichOneof("result")
    return check_applied(getattr(result, kind) if kind else result)


def check_applied(answer: Any) -> int:
    """Returns 1, for a command that is applied, now and not before.

    Raises:
        WrongAnswerError: It is not.
    """
    if getattr(answer, "outcome", None) != pb.OUTCOME_APPLIED or answer.replayed:
        raise WrongAnswerError(str(answer))
    return 1


def check_same(answers: Iterable[Any]) -> int:
    """Returns 1 if answers to one command are the same, but that one of them is replayed.

    Raises:
        WrongAnswerError: They differ.
    """
    both = list(answers)
    plain: list[bytes] = []
    for each in both:
        copy = type(each)()
        copy.CopyFrom(each)
        copy.ClearField("replayed")
        plain.append(copy.SerializeToString(deterministic=True))
    if len(set(plain)) != 1 or sum(each.replayed for each in both) != 1:
        raise WrongAnswerError("\n".join(map(str, both)))
    return 1


def authorize_request(bet: Bet) -> pb.AuthorizeBetRequest:
    """Returns a request to take a bet."""
    return pb.AuthorizeBetRequest(
        request_id=f"a-{bet.bet_ref}",
        wallet=wallet(bet.player_id),
        provider_id=PROVIDER,
        bet_ref=bet.bet_ref,
        stake=Money(asset_code=CURRENCY, minor_units=STAKE),
    )


def settle_request(bet: Bet) -> pb.SettleBetRequest:
    """Returns a request to settle all of a bet."""
    return pb.SettleBetRequest(
        request_id=f"s-{bet.bet_ref}",
        wallet=wallet(bet.player_id),
        provider_id=PROVIDER,
        bet_ref=bet.bet_ref,
        result_version=1,
        payout=Money(asset_code=CURRENCY, minor_units=bet.payout),
    )


def wallet(player_id: str) -> WalletRef:
    """Returns which wallet."""
    return WalletRef(tenant_id=TENANT, player_id=player_id, currency_code=CURRENCY)
