"""Makes what a scenario is given, by the API's own means."""

from collections.abc import Iterator, Mapping

from google.protobuf.message import Message

from wallet.v1.money_pb2 import Money
from wallet.v1.topology_admin_pb2 import GetTopologyRequest, GetTopologyResponse
from wallet.v1.topology_pb2 import Topology
from wallet.v1.wallet_commands_pb2 import AdjustBalanceRequest, OpenWalletRequest
from wallet_server.conformance.calling import Caller
from wallet_server.conformance.recording import Exchange
from wallet_server.conformance.requests import build_request
from wallet_server.conformance.scenario import GivenWallet, Scenario
from wallet_server.conformance.shorthand import Cast

REASON_CODE = "CONFORMANCE"


class GivenError(Exception):
    """What is given cannot be made."""


async def set_up(scenario: Scenario, cast_: Cast, caller: Caller) -> list[Exchange]:
    """Opens the wallets and puts in what their buckets hold, and then what else they have."""
    topology = await read_topology(cast_.tenant_id, caller)
    assets = {bucket.code: bucket.asset_code for bucket in topology.buckets}
    return [
        await _send(method, request, path, caller)
        for name, wallet in scenario.wallets.items()
        if wallet.opened
        for method, request, path in _requests_for(name, wallet, cast_, assets)
    ]


def _requests_for(
    name: str, wallet: GivenWallet, cast_: Cast, assets: Mapping[str, str]
) -> Iterator[tuple[str, Message, str]]:
    """Yields the commands that make a wallet: method, request, and path in the file."""
    path, ref = f"given.wallets.{name}", cast_.wallets[name]
    yield "WalletCommands.OpenWallet", OpenWalletRequest(request_id="given", wallet=ref), path
    for code, amount in wallet.balances.items():
        if amount:
            asset_code = assets.get(code) or wallet.currency
            adjustment = AdjustBalanceRequest(
                request_id=f"given:{code}",
                wallet=ref,
                bucket=code,
                amount=Money(asset_code=asset_code, minor_units=amount),
                reason_code=REASON_CODE,
            )
            yield "WalletCommands.AdjustBalance", adjustment, f"{path}.{code}"
    for call in wallet.calls:
        yield call.method, build_request(call, cast_), call.path


async def read_topology(tenant_id: str, caller: Caller) -> Topology:
    """Reads the topology that is active.

    Raises:
        GivenError: There is none.

    """
    reply = await caller.call("TopologyAdmin.GetTopology", GetTopologyRequest(tenant_id=tenant_id))
    if not isinstance(reply.response, GetTopologyResponse):
        raise GivenError(f"the tenant {tenant_id} has no topology: {reply}")
    return reply.response.topology


async def _send(method: str, request: Message, path: str, caller: Caller) -> Exchange:
    return Exchange(path, method, request, await caller.call(method, request))
