"""The statuses of buckets, and drains: what empties a bucket before its code goes."""

from collections.abc import Iterator
from datetime import datetime

from wallet.v1 import drain_pb2
from wallet.v1 import topology_admin_pb2 as pb
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminServicer
from wallet_server.execution.administration.buckets import BucketAdmin, DrainChange
from wallet_server.rpc.acts import Acts
from wallet_server.rpc.context import Context
from wallet_server.rpc.encode.drains import encode_bucket_state, encode_drain
from wallet_server.rpc.page_token import Pages


class BucketMethods(TopologyAdminServicer):
    """The methods of `TopologyAdmin` that are about buckets, and not about versions."""

    def __init__(self, buckets: BucketAdmin, acts: Acts, page_token_secret: bytes) -> None:
        """Acts on buckets."""
        self._buckets = buckets
        self._bucket_acts = acts
        self._drains: Pages[tuple[str, str]] = Pages(page_token_secret)

    async def StartDraining(
        self, request: pb.StartDrainingRequest, context: Context
    ) -> pb.StartDrainingResponse:
        act = self._bucket_acts.of(request, context)
        change = await self._buckets.start_draining(act, request.bucket, request.etag)
        return pb.StartDrainingResponse(
            bucket_state=encode_bucket_state(change.state), replayed=change.replayed
        )

    async def StopDraining(
        self, request: pb.StopDrainingRequest, context: Context
    ) -> pb.StopDrainingResponse:
        act = self._bucket_acts.of(request, context)
        change = await self._buckets.stop_draining(act, request.bucket, request.etag)
        return pb.StopDrainingResponse(
            bucket_state=encode_bucket_state(change.state), replayed=change.replayed
        )

    async def DrainBucket(
        self, request: pb.DrainBucketRequest, context: Context
    ) -> pb.DrainBucketResponse:
        act = self._bucket_acts.of(request, context)
        change = await self._buckets.drain_bucket(act, request.bucket, request.successor)
        return pb.DrainBucketResponse(drain=told(change), replayed=change.replayed)

    async def ApproveDrain(
        self, request: pb.ApproveDrainRequest, context: Context
    ) -> pb.ApproveDrainResponse:
        act = self._bucket_acts.of(request, context)
        change = await self._buckets.approve_drain(act, request.drain_id, request.etag)
        return pb.ApproveDrainResponse(drain=told(change), replayed=change.replayed)

    async def CancelDrain(
        self, request: pb.CancelDrainRequest, context: Context
    ) -> pb.CancelDrainResponse:
        act = self._bucket_acts.of(request, context)
        change = await self._buckets.cancel_drain(act, request.drain_id, request.etag)
        return pb.CancelDrainResponse(drain=told(change), replayed=change.replayed)

    async def GetDrain(self, request: pb.GetDrainRequest, context: Context) -> pb.GetDrainResponse:
        drain = await self._buckets.find_drain(request.tenant_id, request.drain_id)
        return pb.GetDrainResponse(drain=encode_drain(drain))

    async def ListDrains(
        self, request: pb.ListDrainsRequest, context: Context
    ) -> pb.ListDrainsResponse:
        after = self._drains.after(request)
        rows = await self._buckets.list_drains(
            request.tenant_id,
            before=(datetime.fromisoformat(after[0]), after[1]) if after else None,
            limit=self._drains.size(request) + 1,
        )
        page, token = self._drains.cut(
            request, rows, key_of=lambda row: (row.create_time.isoformat(), row.drain_id)
        )
        return pb.ListDrainsResponse(drains=map(encode_drain, page), next_page_token=token)

    async def bucket_states(self, tenant_id: str) -> Iterator[drain_pb2.BucketState]:
        """Returns the statuses of a tenant's buckets that were set on the running system."""
        return map(encode_bucket_state, await self._buckets.bucket_states(tenant_id))


def told(change: DrainChange) -> drain_pb2.Drain:
    """Encodes a drain as an act has left it."""
    return encode_drain(change.drain)
