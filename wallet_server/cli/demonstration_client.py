"""Sends the demonstration's calls over the server's own port, as any caller would."""

from collections.abc import Mapping
from typing import Any

import grpc.aio
from google.protobuf import json_format
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2

from wallet.v1 import topology_admin_pb2, wallet_commands_pb2, wallet_pb2, wallet_queries_pb2
from wallet_server.cli.demonstration_script import Call
from wallet_server.execution.id_source import new_id

COMMANDS = wallet_commands_pb2.DESCRIPTOR.services_by_name["WalletCommands"]
REF_FIELDS = ("bet_ref", "round_ref", "transaction_ref", "deposit_id")
AMOUNT_FIELDS = ("amount", "stake", "payout")

CALL_TIMEOUT_SECONDS = 10
STATUS_TRAILER = "grpc-status-details-bin"


class DemonstrationClient:
    """Sends the calls of a script, for the wallet of a run."""

    def __init__(self, channel: grpc.aio.Channel, wallet: wallet_pb2.WalletRef, run: int) -> None:
        self._channel = channel
        self.wallet = wallet
        self._run = run

    async def is_open(self) -> bool:
        """Tells whether an earlier run has opened the wallet."""
        try:
            await self.read_wallet()
        except grpc.aio.AioRpcError as error:
            if reason_of(error) == "WALLET_NOT_FOUND":
                return False
            raise
        return True

    async def read_wallet(self) -> wallet_pb2.Wallet:
        """Reads the wallet as it is."""
        request = wallet_queries_pb2.GetWalletRequest(wallet=self.wallet)
        response = await self._call(
            "WalletQueries/GetWallet", request, wallet_queries_pb2.GetWalletResponse
        )
        return response.wallet

    async def read_exponents(self) -> dict[str, int]:
        """Reads how many decimals each asset of the tenant has."""
        request = topology_admin_pb2.GetTopologyRequest(tenant_id=self.wallet.tenant_id)
        response = await self._call(
            "TopologyAdmin/GetTopology", request, topology_admin_pb2.GetTopologyResponse
        )
        return {asset.code: asset.exponent for asset in response.topology.assets}

    async def send(self, call: Call) -> str:
        """Sends a command. Returns its outcome, or the reason why it was refused."""
        method = COMMANDS.methods_by_name[call.method]
        request = GetMessageClass(method.input_type)()
        json_format.ParseDict(self._complete(call.request), request)
        response_type = GetMessageClass(method.output_type)
        try:
            response = await self._call(f"WalletCommands/{call.method}", request, response_type)
        except grpc.aio.AioRpcError as error:
            return reason_of(error)
        return wallet_commands_pb2.Outcome.Name(response.outcome).removeprefix("OUTCOME_")

    def _complete(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Returns a request of the script with what it leaves out."""
        wallet = json_format.MessageToDict(self.wallet, preserving_proto_field_name=True)
        complete: dict[str, Any] = {**request, "request_id": new_id(), "wallet": wallet}
        for field in REF_FIELDS:
            if field in complete:
                complete[field] = f"{complete[field]}-{self._run}"
        for field in AMOUNT_FIELDS:
            if field in complete:
                amount = {"asset_code": wallet["currency_code"], "minor_units": complete[field]}
                complete[field] = amount
        return complete

    async def _call(self, name: str, request: Message, response_type: type[Any]) -> Any:  # noqa: ANN401 - of the response's type.
        method: grpc.aio.UnaryUnaryMultiCallable[Message, Any] = self._channel.unary_unary(
            f"/wallet.v1.{name}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=response_type.FromString,
        )
        return await method(request, timeout=CALL_TIMEOUT_SECONDS)


def reason_of(error: grpc.aio.AioRpcError) -> str:
    """Returns the reason that the server gave; the status, if it gave none."""
    for key, value in tuple(error.trailing_metadata() or ()):
        if key == STATUS_TRAILER and isinstance(value, bytes):
            for detail in status_pb2.Status.FromString(value).details:
                info = error_details_pb2.ErrorInfo()
                if detail.Unpack(info):
                    return info.reason
    return f"{error.code().name}: {error.details()}"
