"""Makes what a scenario is given, by the API's own means."""

from google.protobuf.message import Message

from wallet.v1.money_pb2 import Money
from wallet.v1.topology_admin_pb2 import GetTopologyRequest, GetTopologyResponse
from wallet.v1.topology_pb2 import Topology
from wallet.v1.wallet_commands_pb2 import AdjustBalanceRequest, OpenWalletRequest
from wallet_server.conformance.calling import Caller
from wallet_server.conformance.recording import Exchange
from wallet_server.conformance.scenario import Scenario
from wallet_server.conformance.shorthand import Cast

REASON_CODE = "CONFORMANCE"


class GivenError(Exception):
    """What is given cannot be made."""


async def set_up(scenario: Scenario, cast_: Cast, caller: Caller) -> list[Exchange]:
    """Opens the wallets and puts in what their buckets hold."""
    topology = await read_topology(cast_.tenant_id, caller)
    assets = {bucket.code: bucket.asset_code for bucket in topology.buckets}
    exchanges: list[Exchange] = []
    for name, wallet in scenario.wallets.items():
        if not wallet.opened:
            continue
        path = f"given.wallets.{name}"
        ref = cast_.wallets[name]
        request = OpenWalletRequest(request_id="given", wallet=ref)
        exchanges.append(await _send("OpenWallet", request, path, caller))
        for code, amount in wallet.balances.items():
            if amount:
                adjustment = AdjustBalanceRequest(
                    request_id=f"given:{code}",
                    wallet=ref,
                    bucket=code,
                    amount=Money(
                        asset_code=assets.get(code) or wallet.currency, minor_units=amount
                    ),
                    reason_code=REASON_CODE,
                )
                exchanges.append(await _send("AdjustBalance", adjustment, f"{path}.{code}", caller))
    return exchanges


async def read_topology(tenant_id: str, caller: Caller) -> Topology:
    """Reads the topology that is active.

    Raises:
        GivenError: There is none.

    """
    reply = await caller.call("TopologyAdmin.GetTopology", GetTopologyRequest(tenant_id=tenant_id))
    if not isinstance(reply.response, GetTopologyResponse):
        raise GivenError(f"the tenant {tenant_id} has no topology: {reply}")
    return reply.response.topology


async def _send(name: str, request: Message, path: str, caller: Caller) -> Exchange:
    method = f"WalletCommands.{name}"
    return Exchange(path, method, request, await caller.call(method, request))
