"""Turns at wallets, followed: before the batch, below the same call."""

import asyncio
from datetime import UTC, datetime

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.database import Database
from tests.servers import TENANT, apply_shape
from wallet_server.core.commands import OpenWallet
from wallet_server.core.ids import WalletRef
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Submission
from wallet_server.tracing.calls import CallTracing


async def test_a_batch_that_takes_turns_is_followed_while_it_does(database: Database) -> None:
    await apply_shape(database, TENANT, "ruby")
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing = CallTracing(provider.get_tracer("test"), ratio=1.0)
    settings = EngineSettings(lanes_count=1, expects_peers=True)
    executor = Executor(
        database.server_url,
        ConfigurationCache(),
        settings,
        lambda: datetime.now(UTC),
        tracing=tracing,
    )
    await executor.start()

    async def call() -> None:
        span = tracing.begin("/wallet.v1.WalletCommands/ExecuteBatch", ())
        assert span is not None
        await executor.submit_all(
            [Submission(WalletRef(TENANT, f"p{n}", "EUR"), "r", OpenWallet()) for n in range(4)]
        )
        tracing.end(span, 0, "")

    await asyncio.create_task(call())
    await executor.drain()

    spans = {span.name: span for span in exporter.get_finished_spans()}
    of_call = spans["wallet.v1.WalletCommands/ExecuteBatch"].context
    turns, batch = spans["turns"], spans["batch"]
    assert of_call is not None
    assert [each.parent and each.parent.span_id for each in (turns, batch)] == [of_call.span_id] * 2
    assert dict(turns.attributes or {}) == {"wallet.batch.commands": 4}
    assert (turns.end_time or 0) <= (batch.start_time or 0)
    taken = [
        span
        for span in exporter.get_finished_spans()
        if "pg_try_advisory_lock" in str((span.attributes or {}).get("db.query.text"))
    ]
    assert turns.context is not None
    assert [each.parent and each.parent.span_id for each in taken] == [turns.context.span_id]
