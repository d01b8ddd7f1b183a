"""Carries out administrative acts: each in one transaction, with its audit record, or not at all.

What an act does to a tenant is told, too: its events are left in the same transaction.

An act that was carried out is found again by its `request_id`, so that sending it once more gives
the same answer. One that was refused is on record too, in a transaction of its own, and may be
tried again under the same id.

What is only looked at, or rehearsed, is judged by one snapshot, in no transaction that has to be
serializable: commands that go on meanwhile are not in its way, nor it in theirs. It may be
outdated when it is told, as any look at what others change.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import (
    AuditOutcome,
    AuditRecord,
    Plain,
    Resource,
)
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.plain import fingerprint_of, plain_refusal
from wallet_server.core.events.of_acts import act_events
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import RequestIdTaken
from wallet_server.core.value import value
from wallet_server.execution.administration.attempts import run_again
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.id_source import new_id
from wallet_server.storage import audit_records, tenant_outbox

T = TypeVar("T")

Work: TypeAlias = Callable[[AsyncConnection, datetime], Awaitable[Sequence[Change]]]
"""What an act does: it looks, decides and writes, through the connection alone.

It says what it has changed: first what the act is about, then what was changed besides; where that
is nothing, nothing is on record. It is given the time, and may run several times. It raises
`RefusedError` for a no.
"""


Look: TypeAlias = Callable[[AsyncConnection, datetime], Awaitable[T]]
"""What looks at things and changes none."""

Explain: TypeAlias = Callable[[Refusal], Awaitable[Refusal]]
"""Adds to a refusal what is to be told beside it, once its transaction is over."""


async def as_it_is(refusal: Refusal) -> Refusal:
    """Adds nothing to a refusal."""
    return refusal


@value
class Done:
    """What an act came to: what it is about, as it was after it.

    `replayed`: that was some time ago, and nothing was done now.
    """

    resource: Resource
    after: Plain
    replayed: bool = False


class AdminStore:
    """Runs acts in serializable transactions, and what keeps nothing in snapshots."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        """Takes the engine that connections come from. `now` tells the time."""
        self._engine = engine.execution_options(isolation_level="SERIALIZABLE")
        self._snapshots = engine.execution_options(isolation_level="REPEATABLE READ")
        self._now = now

    async def run(
        self,
        act: Act,
        subject: Resource,
        content: Mapping[str, object],
        work: Work,
        explain: Explain = as_it_is,
    ) -> Done:
        """Carries out an act, or answers it as before. With `validate_only` nothing is changed.

        Args:
            act: Who asks for what, and why.
            subject: What it is about, as far as that is known before: for the record of a refusal.
            content: All that the request says, but for the act: what makes it another request.
            work: What it does.
            explain: Adds to a refusal what is to be told beside it.

        Raises:
            RefusedError: It was refused; that is on record, but for `validate_only`.
            Fault: The database is away, or every attempt ended in a conflict.
        """
        keep = not act.validate_only
        run = partial(self._run, act, subject, content, work, keep=keep)
        return await self._told(act, subject, explain, run)

    async def rehearse(
        self,
        act: Act,
        subject: Resource,
        content: Mapping[str, object],
        work: Work,
        explain: Explain = as_it_is,
    ) -> Done:
        """Does as `run` does, and takes it back: it is still to be carried out, unless `replayed`.

        Raises:
            RefusedError: It was refused; that is on record, as if it had been run.
            Fault: As for `run`.
        """
        run = partial(self._run, act, subject, content, work, keep=False)
        return await self._told(act, subject, explain, run)

    async def look(self, act: Act, subject: Resource, work: Look[T]) -> T:
        """Looks at what an act is about.

        Raises:
            RefusedError: It is not there; that is on record, but for `validate_only`.
            Fault: As for `run`.
        """

        async def transaction() -> T:
            async with self._snapshots.connect() as connection:
                return await work(connection, self._now())

        return await self._told(act, subject, as_it_is, transaction)

    async def record_refused(self, act: Act, subject: Resource, refusal: Refusal) -> None:
        """Puts on record that an act was refused.

        Raises:
            Fault: The database is away.
        """
        record = replace(
            record_of_act(act, subject, AuditOutcome.REFUSED, self._now()),
            request_id=act.request_id,
            refusal=plain_refusal(refusal),
        )

        async def write() -> None:
            async with self._engine.begin() as connection:
                await audit_records.insert(connection, [record], UUID(new_id()))

        await run_again(write)

    async def _told(
        self,
        act: Act,
        subject: Resource,
        explain: Explain,
        transaction: Callable[[], Awaitable[T]],
    ) -> T:
        """Runs a transaction of an act, and puts on record where it is refused."""
        try:
            return await run_again(transaction)
        except RefusedError as error:
            refusal = await explain(error.refusal)
            if not act.validate_only:
                await self.record_refused(act, subject, refusal)
            raise RefusedError(refusal) from error

    async def _run(
        self,
        act: Act,
        subject: Resource,
        content: Mapping[str, object],
        work: Work,
        *,
        keep: bool,
    ) -> Done:
        fingerprint = fingerprint_of(act.method, content)
        engine = self._engine if keep else self._snapshots
        async with engine.connect() as connection:
            done = None if act.validate_only else await find_done(connection, act, fingerprint)
            if done is not None:
                return done
            now = self._now()
            changes = await work(connection, now)
            if keep and changes:
                await write_records(connection, act, fingerprint, changes, now)
                told = list(act_events(changes))
                await tenant_outbox.insert(connection, act, told, UUID(new_id()), now)
                await connection.commit()
            return Done(changes[0].resource, changes[0].after) if changes else Done(subject, {})


async def find_done(connection: AsyncConnection, act: Act, fingerprint: bytes) -> Done | None:
    """Returns what an act came to that was carried out before; None if it was not.

    Raises:
        RefusedError: Its request_id was used for something else.
    """
    if not act.request_id:
        return None
    record = await audit_records.find_applied(connection, act.tenant_id, act.request_id)
    if record is None:
        return None
    if record.fingerprint != fingerprint or record.after is None:
        raise RefusedError(RequestIdTaken(act.request_id))
    return Done(record.resource, record.after, replayed=True)


async def write_records(
    connection: AsyncConnection,
    act: Act,
    fingerprint: bytes,
    changes: Sequence[Change],
    now: datetime,
) -> None:
    """Puts on record what an act has changed. The request_id is with the first change alone."""
    applied = [
        replace(
            record_of_act(act, each.resource, AuditOutcome.APPLIED, now),
            before=each.before,
            after=each.after,
        )
        for each in changes
    ]
    first = replace(applied[0], request_id=act.request_id, fingerprint=fingerprint)
    records = [first, *applied[1:]]
    await audit_records.insert(connection, records, UUID(new_id()))


def record_of_act(
    act: Act, resource: Resource, outcome: AuditOutcome, now: datetime
) -> AuditRecord:
    """Returns what all records of an act have in common."""
    return AuditRecord(
        tenant_id=act.tenant_id,
        record_id=UUID(new_id()),
        record_time=now,
        actor=act.actor,
        method=act.method,
        resource=resource,
        outcome=outcome,
        credential_id=act.credential_id,
        peer=act.peer,
        reason=act.reason,
        correlation_id=act.correlation_id,
    )
