"""Topology versions: reads of them, and what becomes of them. Their buckets: `bucket_admin.py`."""

import asyncio
from typing import Any, cast

from wallet.v1 import topology_admin_pb2 as pb
from wallet.v1.topology_pb2 import Topology as TopologyMessage
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import DocumentKind, StoredVersion, VersionRef
from wallet_server.execution.administration.versions import VersionChange
from wallet_server.rpc.acts import Acts
from wallet_server.rpc.administration import Administration
from wallet_server.rpc.bucket_admin import BucketMethods
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode.documents import Written, from_message, from_yaml
from wallet_server.rpc.encode.blockers import encode_blocker, encode_problem
from wallet_server.rpc.encode.changes import encode_changes
from wallet_server.rpc.encode.topologies import encode_topology
from wallet_server.rpc.encode.versions import fill_yaml
from wallet_server.rpc.full_pages import full_page
from wallet_server.rpc.identity import Identity
from wallet_server.rpc.page_token import Pages

KINDS = ("Topology",)


class TopologyAdmin(BucketMethods):
    """Says which buckets exist."""

    def __init__(
        self, administration: Administration, identity: Identity, page_token_secret: bytes
    ) -> None:
        """Takes what carries out acts. The identity tells who asks."""
        self._acts = Acts("TopologyAdmin", identity)
        super().__init__(administration.buckets, self._acts, page_token_secret)
        self._reader = administration.configurations
        self._versions = administration.versions
        self._topologies: Pages[tuple[int]] = Pages(page_token_secret)

    async def GetTopology(
        self, request: pb.GetTopologyRequest, context: Context
    ) -> pb.GetTopologyResponse:
        stored = await self._reader.topology(request.tenant_id, request.version)
        topology = encode_topology(stored)
        if request.with_yaml:
            fill_yaml(topology, stored)
        return pb.GetTopologyResponse(
            topology=topology, bucket_states=await self.bucket_states(request.tenant_id)
        )

    async def ListTopologies(
        self, request: pb.ListTopologiesRequest, context: Context
    ) -> pb.ListTopologiesResponse:
        page, token = await full_page(
            self._topologies,
            request,
            lambda after, limit: self._reader.topologies(
                request.tenant_id, before=after[0] if after else None, limit=limit
            ),
            key_of=lambda row: (row.version,),
            encode=encode_topology,
        )
        return pb.ListTopologiesResponse(topologies=page, next_page_token=token)

    async def DiffTopologies(
        self, request: pb.DiffTopologiesRequest, context: Context
    ) -> pb.DiffTopologiesResponse:
        before = await self._reader.topology(request.tenant_id, request.from_version)
        after = await self._reader.topology(request.tenant_id, request.to_version)
        return pb.DiffTopologiesResponse(changes=encode_changes(before.value, after.value))

    async def CreateTopology(
        self, request: pb.CreateTopologyRequest, context: Context
    ) -> pb.CreateTopologyResponse:
        act = self._acts.of(request, context)
        if request.WhichOneof("document") == "copy_of_version":
            copied = VersionRef(DocumentKind.TOPOLOGY, "", request.copy_of_version)
            change = await self._versions.create(act, copy_of=copied)
        else:
            written = await written_in(request)
            change = await self._versions.create(act, written.document, source=written.source)
        return pb.CreateTopologyResponse(topology=told(change), replayed=change.replayed)

    async def UpdateTopology(
        self, request: pb.UpdateTopologyRequest, context: Context
    ) -> pb.UpdateTopologyResponse:
        act, written = self._acts.of(request, context), await written_in(request)
        change = await self._versions.update(
            act, named_in(request), request.etag, written.document, written.source
        )
        return pb.UpdateTopologyResponse(topology=told(change), replayed=change.replayed)

    async def ValidateTopology(
        self, request: pb.ValidateTopologyRequest, context: Context
    ) -> pb.ValidateTopologyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.validate(act, named_in(request), request.etag)
        return pb.ValidateTopologyResponse(
            topology=told(change),
            replayed=change.replayed,
            problems=map(encode_problem, change.problems),
        )

    async def ApproveTopology(
        self, request: pb.ApproveTopologyRequest, context: Context
    ) -> pb.ApproveTopologyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.approve(act, named_in(request), request.etag)
        return pb.ApproveTopologyResponse(topology=told(change), replayed=change.replayed)

    async def ActivateTopology(
        self, request: pb.ActivateTopologyRequest, context: Context
    ) -> pb.ActivateTopologyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.activate(act, named_in(request), request.etag)
        return pb.ActivateTopologyResponse(
            topology=told(change),
            replayed=change.replayed,
            problems=map(encode_problem, change.problems),
            blockers=map(encode_blocker, change.blockers),
        )

    async def ArchiveTopology(
        self, request: pb.ArchiveTopologyRequest, context: Context
    ) -> pb.ArchiveTopologyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.archive(act, named_in(request), request.etag)
        return pb.ArchiveTopologyResponse(topology=told(change), replayed=change.replayed)


async def written_in(request: pb.CreateTopologyRequest | pb.UpdateTopologyRequest) -> Written:
    """Decodes what a topology is to say. Large ones take seconds: commands go on meanwhile.

    Raises:
        RefusedError: It cannot be read.
    """
    if request.HasField("yaml"):
        return await asyncio.to_thread(from_yaml, request.yaml, KINDS)
    return await asyncio.to_thread(from_message, request.topology)


def named_in(request: Any) -> VersionRef:
    """Decodes which version an act is about."""
    return VersionRef(DocumentKind.TOPOLOGY, "", request.version)


def told(change: VersionChange) -> TopologyMessage:
    """Encodes a topology version as an act has left it."""
    return encode_topology(cast("StoredVersion[Topology]", change.stored))
