"""Sends the demonstration's calls through the client library, as any caller may."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, cast

from google.protobuf import json_format
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from wallet.v1 import topology_admin_pb2, wallet_commands_pb2, wallet_pb2, wallet_queries_pb2
from wallet_client import NotFoundError, WalletClient, WalletError
from wallet_server.cli.demonstration_script import Call
from wallet_server.conformance.shorthand import Cast, write_out

COMMANDS = wallet_commands_pb2.DESCRIPTOR.services_by_name["WalletCommands"]
SECOND_WORDS = re.compile(r"(?<!^)(?=[A-Z])")


class DemonstrationClient:
    """Sends the calls of a script, for the wallet of a run that started at a time."""

    def __init__(self, client: WalletClient, wallet: wallet_pb2.WalletRef, start: datetime) -> None:
        self._client = client
        self.wallet = wallet
        self._cast = Cast(wallet.tenant_id, {}, start)

    async def is_open(self) -> bool:
        """Tells whether an earlier run has opened the wallet."""
        try:
            await self.read_wallet()
        except NotFoundError as error:
            if error.reason == "WALLET_NOT_FOUND":
                return False
            raise
        return True

    async def read_wallet(self) -> wallet_pb2.Wallet:
        """Reads the wallet as it is."""
        request = wallet_queries_pb2.GetWalletRequest(wallet=self.wallet)
        return (await self._client.get_wallet(request)).wallet

    async def read_exponents(self) -> dict[str, int]:
        """Reads how many decimals each asset of the tenant has."""
        request = topology_admin_pb2.GetTopologyRequest(tenant_id=self.wallet.tenant_id)
        topology = (await self._client.get_topology(request)).topology
        return {asset.code: asset.exponent for asset in topology.assets}

    async def send(self, call: Call) -> str:
        """Sends a command. Returns its outcome, or the reason why it was refused."""
        name = SECOND_WORDS.sub("_", call.method).lower()
        person = call.person
        client = self._client.acting_as(person.name, roles=person.roles)
        method = cast("Callable[[Message], Awaitable[Any]]", getattr(client, name))
        try:
            response = await method(self._request_of(call))
        except WalletError as error:
            return error.reason or str(error)
        return wallet_commands_pb2.Outcome.Name(response.outcome).removeprefix("OUTCOME_")

    def _request_of(self, call: Call) -> Message:
        """Returns the request of a call; the client library gives it its `request_id`."""
        message = COMMANDS.methods_by_name[call.method].input_type
        request = GetMessageClass(message)()
        currency = self.wallet.currency_code
        written_out = write_out(message, call.request, self._cast, currency)
        json_format.ParseDict(cast("dict[str, Any]", written_out), request)
        request.MergeFrom(type(request)(wallet=self.wallet))
        return request
