"""Reads of topology versions."""

from wallet.v1 import topology_admin_pb2 as pb
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminServicer
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.rpc.context import Context
from wallet_server.rpc.encode.topologies import encode_topology
from wallet_server.rpc.page_token import Pages


class TopologyAdmin(TopologyAdminServicer):
    """Shows which buckets exist."""

    def __init__(self, reader: ConfigurationReader, page_token_secret: bytes) -> None:
        """Asks a reader."""
        self._reader = reader
        self._topologies: Pages[tuple[int]] = Pages(page_token_secret)

    async def GetTopology(
        self, request: pb.GetTopologyRequest, context: Context
    ) -> pb.GetTopologyResponse:
        stored = await self._reader.topology(request.tenant_id, request.version)
        return pb.GetTopologyResponse(topology=encode_topology(stored))

    async def ListTopologies(
        self, request: pb.ListTopologiesRequest, context: Context
    ) -> pb.ListTopologiesResponse:
        after = self._topologies.after(request)
        rows = await self._reader.topologies(
            request.tenant_id,
            before=after[0] if after else None,
            limit=self._topologies.size(request) + 1,
        )
        page, token = self._topologies.cut(request, rows, key_of=lambda row: (row.version,))
        return pb.ListTopologiesResponse(
            topologies=[encode_topology(stored) for stored in page], next_page_token=token
        )
