"""Where spans go: to a collector, over OTLP, from a thread of their own."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased

from wallet_server.countdown import Countdown
from wallet_server.settings import Settings

EXPORT_SECONDS_MAX = 5
"""How long spans are tried to be sent. Those that wait meanwhile are few; more are dropped."""

QUEUE_SPANS_MAX = 16_384

NAMELESS = "unknown_service"
"""How OpenTelemetry calls those whose environment says nothing of their name."""


@asynccontextmanager
async def open_provider(settings: Settings, time: Countdown) -> AsyncGenerator[TracerProvider]:
    """Sends spans for as long as the block lasts, and what is left in the time there is."""
    provider = TracerProvider(
        sampler=ParentBased(ALWAYS_ON),  # Calls that are not to be followed have no spans at all.
        resource=resource(),
        shutdown_on_exit=False,
    )
    endpoint = settings.tracing_endpoint
    exporter = OTLPSpanExporter(
        endpoint, insecure=endpoint.startswith("http://"), timeout=EXPORT_SECONDS_MAX
    )
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=QUEUE_SPANS_MAX))
    try:
        yield provider
    finally:
        await shut_down(provider, time)


def resource() -> Resource:
    """Returns who sends spans. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say more."""
    made = Resource.create({SERVICE_VERSION: version("wallet-server")})
    if str(made.attributes[SERVICE_NAME]).startswith(NAMELESS):
        return made.merge(Resource({SERVICE_NAME: "wallet-server"}))
    return made


async def shut_down(provider: TracerProvider, time: Countdown) -> None:
    """Sends what is left. A collector that does not answer is not waited for."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def send() -> None:
        provider.shutdown()
        with suppress(RuntimeError):  # Nobody waits any more: the loop is closed.
            loop.call_soon_threadsafe(done.set)

    threading.Thread(target=send, daemon=True).start()
    try:
        await asyncio.wait_for(done.wait(), min(time.left(), EXPORT_SECONDS_MAX))
    except TimeoutError:
        return
