"""The client: one method for each method of the API, with the same requests."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar
from uuid import uuid4

import grpc
import grpc.aio
from google.protobuf.message import Message

from wallet.v1 import policy_admin_pb2 as policies
from wallet.v1 import topology_admin_pb2 as topologies
from wallet.v1 import wallet_commands_pb2 as commands
from wallet.v1 import wallet_queries_pb2 as queries
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import Entry
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub
from wallet_client import batch, retry
from wallet_client.batch import CommandOutcome, CommandRequest
from wallet_client.retry import RetryPolicy

# grpc waits a second, and then up to two minutes, before it connects again, and calls
# fail meanwhile. Servers that are restarted are back sooner.
# The answers to many commands at once may be larger than the 4 MiB that it takes by default.
CHANNEL_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("grpc.max_receive_message_length", 67_108_864),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 1_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


AnyMessage = TypeVar("AnyMessage", bound=Message)
Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)
Command = TypeVar("Command", bound=CommandRequest)

Method: TypeAlias = grpc.aio.UnaryUnaryMultiCallable[Request, Response]


class WalletClient:
    """Calls a wallet server.

    A command without a `request_id` gets one. Every retry carries the same, so what is
    asked for is done once or not at all. To be able to ask again after a crash of your
    own, choose the id yourself and remember it before you call.

    `options` are grpc's for the channel, and prevail over the client's own.

    Every method raises `WalletError`, but for `execute_batch`; see `errors.py`.
    """

    def __init__(
        self,
        target: str,
        *,
        policy: RetryPolicy | None = None,
        credentials: grpc.ChannelCredentials | None = None,
        options: Sequence[tuple[str, Any]] = (),
    ) -> None:
        """Connects when it is first needed; in the clear if there are no credentials."""
        self._policy = policy or RetryPolicy()
        # grpc takes the first of an option that it is given twice.
        merged = tuple((dict(CHANNEL_OPTIONS) | dict(options)).items())
        self._channel = (
            grpc.aio.secure_channel(target, credentials, options=merged)
            if credentials
            else grpc.aio.insecure_channel(target, options=merged)
        )
        self._commands = WalletCommandsStub(self._channel)
        self._queries = WalletQueriesStub(self._channel)
        self._topologies = TopologyAdminStub(self._channel)
        self._policies = PolicyAdminStub(self._channel)

    async def __aenter__(self) -> Self:
        """Returns itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the connection."""
        await self.close()

    async def close(self) -> None:
        """Closes the connection. Calls under way are cancelled."""
        await self._channel.close()

    # --- Commands

    async def open_wallet(self, request: commands.OpenWalletRequest) -> commands.OpenWalletResponse:
        """Opens a wallet."""
        return await self._command(self._commands.OpenWallet, request)

    async def approve_deposit(
        self, request: commands.ApproveDepositRequest
    ) -> commands.ApproveDepositResponse:
        """Credits money that has arrived."""
        return await self._command(self._commands.ApproveDeposit, request)

    async def adjust_balance(
        self, request: commands.AdjustBalanceRequest
    ) -> commands.AdjustBalanceResponse:
        """Changes a balance by an operator's decision."""
        return await self._command(self._commands.AdjustBalance, request)

    async def authorize_bet(
        self, request: commands.AuthorizeBetRequest
    ) -> commands.AuthorizeBetResponse:
        """Takes a stake."""
        return await self._command(self._commands.AuthorizeBet, request)

    async def settle_bet(self, request: commands.SettleBetRequest) -> commands.SettleBetResponse:
        """Gives a bet, or a part of it, its result."""
        return await self._command(self._commands.SettleBet, request)

    async def unsettle_bet(
        self, request: commands.UnsettleBetRequest
    ) -> commands.UnsettleBetResponse:
        """Takes back results."""
        return await self._command(self._commands.UnsettleBet, request)

    async def rollback_transaction(
        self, request: commands.RollbackTransactionRequest
    ) -> commands.RollbackTransactionResponse:
        """Undoes a bet, or keeps it from ever being placed."""
        return await self._command(self._commands.RollbackTransaction, request)

    async def execute_batch(self, requests: Sequence[CommandRequest]) -> list[CommandOutcome]:
        """Carries out many commands, in calls of up to 500, and says what became of each.

        In their order come their responses, and in the place of what was refused or
        never answered the `WalletError` that a method of its own would have raised.
        Nothing is raised. Only those without an answer are sent again, and in smaller
        calls where a message is too large.
        """
        named: list[CommandRequest] = [with_request_id(request) for request in requests]

        def send(
            call: commands.ExecuteBatchRequest, seconds: float
        ) -> Awaitable[commands.ExecuteBatchResponse]:
            return self._commands.ExecuteBatch(call, timeout=seconds)

        return await batch.send_all(named, send, self._policy)

    # --- Reads

    async def get_wallet(self, request: queries.GetWalletRequest) -> queries.GetWalletResponse:
        """Reads a wallet."""
        return await self._read(self._queries.GetWallet, request)

    async def get_bet(self, request: queries.GetBetRequest) -> queries.GetBetResponse:
        """Reads a bet."""
        return await self._read(self._queries.GetBet, request)

    async def get_answer(self, request: queries.GetAnswerRequest) -> queries.GetAnswerResponse:
        """Tells what became of a command."""
        return await self._read(self._queries.GetAnswer, request)

    async def list_entries(
        self, request: queries.ListEntriesRequest
    ) -> queries.ListEntriesResponse:
        """Reads one page of a wallet's journal."""
        return await self._read(self._queries.ListEntries, request)

    async def explain_funding(
        self, request: queries.ExplainFundingRequest
    ) -> queries.ExplainFundingResponse:
        """Tells how a bet would be funded."""
        return await self._read(self._queries.ExplainFunding, request)

    async def entries(self, request: queries.ListEntriesRequest) -> AsyncIterator[Entry]:
        """Yields a wallet's journal from the request's page on, page by page."""
        page = copy_of(request)
        while True:
            response = await self.list_entries(page)
            for entry in response.entries:
                yield entry
            page.page_token = response.next_page_token
            if not page.page_token:
                return

    async def get_topology(
        self, request: topologies.GetTopologyRequest
    ) -> topologies.GetTopologyResponse:
        """Reads a topology version."""
        return await self._read(self._topologies.GetTopology, request)

    async def list_topologies(
        self, request: topologies.ListTopologiesRequest
    ) -> topologies.ListTopologiesResponse:
        """Reads one page of topology versions."""
        return await self._read(self._topologies.ListTopologies, request)

    async def get_policy(self, request: policies.GetPolicyRequest) -> policies.GetPolicyResponse:
        """Reads a policy version."""
        return await self._read(self._policies.GetPolicy, request)

    async def list_policies(
        self, request: policies.ListPoliciesRequest
    ) -> policies.ListPoliciesResponse:
        """Reads one page of policy versions."""
        return await self._read(self._policies.ListPolicies, request)

    async def get_wallet_policy(
        self, request: policies.GetWalletPolicyRequest
    ) -> policies.GetWalletPolicyResponse:
        """Reads a wallet policy version."""
        return await self._read(self._policies.GetWalletPolicy, request)

    async def list_wallet_policies(
        self, request: policies.ListWalletPoliciesRequest
    ) -> policies.ListWalletPoliciesResponse:
        """Reads one page of wallet policy versions."""
        return await self._read(self._policies.ListWalletPolicies, request)

    async def get_provider_profile(
        self, request: policies.GetProviderProfileRequest
    ) -> policies.GetProviderProfileResponse:
        """Reads a provider profile version."""
        return await self._read(self._policies.GetProviderProfile, request)

    async def list_provider_profiles(
        self, request: policies.ListProviderProfilesRequest
    ) -> policies.ListProviderProfilesResponse:
        """Reads one page of provider profile versions."""
        return await self._read(self._policies.ListProviderProfiles, request)

    async def _command(self, method: Method[Command, Response], request: Command) -> Response:
        request = with_request_id(request)

        def send(seconds: float) -> Awaitable[Response]:
            return method(request, timeout=seconds)

        return await retry.answer(send, self._policy, request_id=request.request_id)

    async def _read(self, method: Method[Request, Response], request: Request) -> Response:
        return await retry.answer(lambda seconds: method(request, timeout=seconds), self._policy)


def with_request_id(request: Command) -> Command:
    """Returns the request, or a copy with an id of its own if it has none."""
    if not request.request_id:
        request = copy_of(request)
        request.request_id = uuid4().hex
    return request


def copy_of(message: AnyMessage) -> AnyMessage:
    """Returns a message that may be changed without the caller noticing."""
    copy = type(message)()
    copy.CopyFrom(message)
    return copy
