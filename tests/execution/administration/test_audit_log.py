"""Refused calls: on record behind the call, never in its way, and never silently lost."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from string import ascii_letters
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.administration.audit_values import NOON
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_filter import AuditFilter
from wallet_server.core.administration.audit_record import (
    AuditOutcome,
    AuditRecord,
    Resource,
    ResourceKind,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.refusals.access import (
    CredentialsInvalid,
    CredentialsMissing,
    PermissionMissing,
)
from wallet_server.execution.administration import audit_log
from wallet_server.execution.administration.audit_log import AuditLog
from wallet_server.execution.administration.audit_reader import AuditReader
from wallet_server.execution.administration.audit_statistics import AuditStatistics
from wallet_server.storage.engine import create_engine

REFUSAL = PermissionMissing("CONFIGURE")


def act(number: int) -> Act:
    """Returns what somebody asked for who may not."""
    return Act(
        tenant_id="demo",
        request_id=f"r{number}",
        method="TopologyAdmin.CreateTopology",
        actor=Actor("mallory", ("support",)),
        credential_id="c1",
        peer="ipv4:192.0.2.1:50000",
        reason="because",
        correlation_id="k1",
    )


def random_text(length: int) -> str:
    """Returns a text that cannot be compressed, always the same."""
    return "".join(Random(length).choices(ascii_letters, k=length))


def log_to(engine: AsyncEngine, **limits: int) -> AuditLog:
    """Returns a log whose clock stands at noon."""
    return AuditLog(engine, lambda: NOON, **limits)


async def recorded(engine: AsyncEngine) -> list[AuditRecord]:
    """Returns what is on record, by request_id."""
    async with engine.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO tenants (tenant_id, epoch, create_time) VALUES ('demo', 1, now())"
            " ON CONFLICT DO NOTHING"
        )
    found = await AuditReader(engine).records(AuditFilter("demo"), before=None, limit=9_999)
    return sorted(found, key=lambda record: record.request_id)


async def commits(database: Database) -> list[str]:
    """Returns the ids of records that the sealer is told of."""
    connection = await database.connect()
    rows = await connection.fetch(
        "SELECT jsonb_array_elements(document::jsonb -> 'records') ->> 1 AS id FROM commits"
    )
    return sorted(row["id"] for row in rows)


async def test_a_refused_call_is_put_on_record_with_all_that_is_known_of_it(
    engine: AsyncEngine, database: Database
) -> None:
    log = log_to(engine)
    log.start()

    log.refused(act(1), REFUSAL)
    await log.finish()

    (record,) = await recorded(engine)
    assert record == AuditRecord(
        tenant_id="demo",
        record_id=record.record_id,
        record_time=NOON,
        actor=Actor("mallory", ("support",)),
        method="TopologyAdmin.CreateTopology",
        resource=Resource(ResourceKind.CALL, ""),
        outcome=AuditOutcome.REFUSED,
        credential_id="c1",
        peer="ipv4:192.0.2.1:50000",
        request_id="r1",
        refusal={"reason": "PERMISSION_MISSING", "details": {"permission": "CONFIGURE"}},
        reason="because",
        correlation_id="k1",
    )
    assert await commits(database) == [str(record.record_id)]


async def test_many_are_written_together_and_all_of_them(
    engine: AsyncEngine, database: Database
) -> None:
    log = log_to(engine)
    for number in range(audit_log.BATCH_MAX + 1):
        log.refused(act(number), REFUSAL)

    log.start()
    await log.finish()

    assert len(await recorded(engine)) == audit_log.BATCH_MAX + 1
    assert log.statistics == AuditStatistics(written=audit_log.BATCH_MAX + 1)
    assert log.waiting_count == 0
    connection = await database.connect()
    assert await connection.fetchval("SELECT count(*) FROM commits") == 2


async def test_what_finds_the_queue_full_is_counted_and_told_once(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    log = log_to(engine, queue_max=2)

    for number in range(5):
        log.refused(act(number), REFUSAL)

    assert log.waiting_count == 2
    assert log.statistics == AuditStatistics(lost=3)
    assert caplog.messages == ["refused calls are lost to the record: the queue is full"]
    log.start()
    await log.finish()
    assert [each.request_id for each in await recorded(engine)] == ["r0", "r1"]


async def test_calls_of_unknown_callers_are_on_record_up_to_so_many_a_minute(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    time = NOON
    log = AuditLog(engine, lambda: time)
    unknown, limit = CredentialsMissing(), audit_log.UNKNOWN_MAX

    for _ in range(limit + 5):
        log.refused(act(1), unknown)
    assert (log.waiting_count, log.statistics.lost) == (limit, 5)
    log.refused(act(2), REFUSAL)
    assert log.waiting_count == limit + 1
    time += timedelta(minutes=1)
    log.refused(act(3), unknown)

    assert log.waiting_count == limit + 2
    assert caplog.messages == [
        "calls of unknown callers are lost to the record: more than 60 in a minute"
    ]


@pytest.mark.parametrize("is_written", [False, True])
async def test_nothing_is_lost_or_doubled_when_the_connection_is_lost_at_commit(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, *, is_written: bool
) -> None:
    monkeypatch.setattr(audit_log, "PAUSE_SECONDS", 0)
    log = log_to(engine)
    write, is_lost = log._write, asyncio.Event()

    async def write_and_lose(batch: list[AuditRecord]) -> None:
        if is_lost.is_set():
            await write(batch)
            return
        is_lost.set()
        if is_written:
            await write(batch)
        raise ConnectionResetError

    monkeypatch.setattr(log, "_write", write_and_lose)
    log.refused(act(1), REFUSAL)
    log.start()
    await is_lost.wait()
    log.refused(act(2), REFUSAL)
    await log.finish()

    assert [each.request_id for each in await recorded(engine)] == ["r1", "r2"]
    assert log.statistics == AuditStatistics(written=2)


async def test_an_attempt_that_was_written_after_all_is_not_written_again(
    database: Database, engine: AsyncEngine
) -> None:
    log = log_to(engine)
    record = audit_log.record_of_call(act(1), REFUSAL, datetime.now(UTC))
    newer = audit_log.record_of_call(act(2), REFUSAL, datetime.now(UTC))

    await log._write([record])
    await log._write([record, newer])

    assert await commits(database) == sorted(map(str, (record.record_id, newer.record_id)))


async def test_what_a_database_that_is_away_does_not_take_is_told_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    engine = create_engine("postgresql://nobody@127.0.0.1:1/none")
    log = log_to(engine)
    log.refused(act(1), REFUSAL)
    log.refused(act(2), REFUSAL)

    with caplog.at_level(logging.WARNING):
        log.start()
        await log.finish()

    assert log.statistics == AuditStatistics(lost=2)
    assert "refused calls wait for their record: StorageUnavailableError" in caplog.messages
    assert caplog.messages[-1] == "refused calls are lost to the record: 2"
    await engine.dispose()


def test_ids_are_the_records_own() -> None:
    first, second = (audit_log.record_of_call(act(1), REFUSAL, NOON) for _ in range(2))

    assert first.record_id != second.record_id
    assert isinstance(first.record_id, UUID)


def test_counts_go_on_over_processes() -> None:
    counts = AuditStatistics(written=3, lost=1)

    assert AuditStatistics.from_document(counts.as_document()) == counts
    assert counts.after(AuditStatistics(written=1)) == AuditStatistics(written=4, lost=1)


@pytest.mark.parametrize(
    "said",
    [
        {"reason": "a\0b"},
        {"request_id": "a\0b"},
        {"correlation_id": "k\0"},
        {"correlation_id": random_text(9_000)},
        {"tenant_id": "demo\0"},
        {"tenant_id": random_text(40_000)},
    ],
    ids=lambda said: next(iter(said)),
)
async def test_what_a_refused_call_says_keeps_no_other_off_the_record(
    engine: AsyncEngine, said: dict[str, str]
) -> None:
    """Nothing has checked it: the caller was refused unread."""
    log = log_to(engine)
    log.start()

    log.refused(replace(act(1), **said), REFUSAL)
    log.refused(act(2), REFUSAL)
    await log.finish()

    assert "r2" in [each.request_id for each in await recorded(engine)]
    assert log.statistics == AuditStatistics(written=2)


async def test_what_a_strangers_certificate_is_called_keeps_no_other_off_the_record(
    engine: AsyncEngine,
) -> None:
    """An authority may let people choose their common name, and the refusal says it."""
    log = log_to(engine)
    log.start()

    log.refused(act(1), CredentialsInvalid(f"the certificate is of CN=a\0b{'c' * 9_000}"))
    log.refused(act(2), REFUSAL)
    await log.finish()

    assert [each.request_id for each in await recorded(engine)] == ["r1", "r2"]
    assert log.statistics == AuditStatistics(written=2)
