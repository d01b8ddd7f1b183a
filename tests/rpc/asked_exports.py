"""Asks for files as callers do."""

from typing import Any

from tests.servers import RunningServer
from wallet.v1 import exports_pb2 as pb
from wallet.v1.exports_pb2_grpc import ExportsStub


def asked(**fields: Any) -> pb.ExportRequest:
    """Returns a request for the entries of the tenant, unless it says otherwise."""
    every: dict[str, Any] = {
        "tenant_id": "demo",
        "kind": pb.EXPORT_KIND_ENTRIES,
        "format": pb.EXPORT_FORMAT_CSV,
    }
    return pb.ExportRequest(**(every | fields))


async def export(server: RunningServer, request: pb.ExportRequest) -> list[pb.ExportResponse]:
    """Returns all that comes."""
    return [part async for part in ExportsStub(server.channel).Export(request)]


def content_of(parts: list[pb.ExportResponse]) -> bytes:
    return b"".join(part.content for part in parts)
