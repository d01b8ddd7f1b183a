"""What takes spans from servers, as an OpenTelemetry collector does."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import grpc.aio
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Collector(TraceServiceServicer):
    """All spans that have come, and who sent them."""

    port: int = 0
    spans: list[Span] = field(default_factory=list[Span])
    services: set[str] = field(default_factory=set[str])

    async def Export(  # noqa: N802 - as its proto has it.
        self, request: pb.ExportTraceServiceRequest, context: object
    ) -> pb.ExportTraceServiceResponse:
        del context
        for sent in request.resource_spans:
            self.services.add(attributes_of(sent.resource)["service.name"])
            for each in sent.scope_spans:
                self.spans += each.spans
        return pb.ExportTraceServiceResponse()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def named(self, name: str) -> list[Span]:
        """Returns the spans of a name."""
        return [span for span in self.spans if span.name == name]

    def below(self, parent: Span) -> list[Span]:
        """Returns the spans right below one, the earliest first."""
        children = [each for each in self.spans if each.parent_span_id == parent.span_id]
        return sorted(children, key=lambda span: span.start_time_unix_nano)


@asynccontextmanager
async def collecting() -> AsyncGenerator[Collector]:
    """Takes spans for as long as the block lasts."""
    collector = Collector()
    server = grpc.aio.server()
    add_TraceServiceServicer_to_server(collector, server)
    collector.port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield collector
    await server.stop(None)


class Owner(Protocol):
    """What has attributes."""

    @property
    def attributes(self) -> Iterable[KeyValue]: ...


def attributes_of(owner: Owner) -> dict[str, Any]:
    """Returns the attributes of a span or a resource by name, those that are text or numbers."""
    return {each.key: each.value.string_value or each.value.int_value for each in owner.attributes}
