"""Carries out acts that remove buckets: behind a fence, and only if they would go through.

What is in the way of such an act is looked at twice: once while commands go on, so that most acts
that are refused stop nobody, and once behind the fence, with all that was committed up to then.
What makes it right is that the act and the batches of commands are serializable: a batch that
would add to what the act has counted has read the epoch that the act writes, so one of the two
runs again. The fence only sees to it that the act gets its turn.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import Resource
from wallet_server.core.administration.change import Change
from wallet_server.core.refusals import Refusal
from wallet_server.execution.administration.fence import closed_fence
from wallet_server.execution.administration.store import (
    AdminStore,
    Done,
    Explain,
    Work,
    as_it_is,
)
from wallet_server.execution.errors import ConfigurationChangingError
from wallet_server.storage import fences
from wallet_server.storage.engine import limit_statements


class FencedStore:
    """Runs acts as a store does, each behind a fence."""

    def __init__(self, engine: AsyncEngine, store: AdminStore, *, seconds: float) -> None:
        """Takes what acts are carried out by. A fence is closed for so long at most."""
        self._engine = engine
        self._store = store
        self._seconds = seconds

    async def run(
        self,
        act: Act,
        subject: Resource,
        content: Mapping[str, object],
        work: Work,
        explain: Explain = as_it_is,
    ) -> Done:
        """Carries out an act as `AdminStore.run` does.

        Raises:
            RefusedError: It was refused; that is on record.
            ConfigurationChangingError: Somebody else has closed a fence.
            Fault: The database is away, or every attempt ended in a conflict.
        """
        done = await self._store.rehearse(act, subject, content, work, explain)
        if done.replayed:
            return done
        async with closed_fence(self._engine, act.tenant_id, seconds=self._seconds) as fence:

            async def work_behind(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
                await limit_statements(connection, self._seconds)
                if not await fences.is_ours(connection, act.tenant_id, fence.token):
                    raise ConfigurationChangingError
                changes = await work(connection, now)
                await fences.open_up(connection, act.tenant_id, fence.token)
                return changes

            async def explain_opened(refusal: Refusal) -> Refusal:
                await fence.open()
                return await explain(refusal)

            return await self._store.run(act, subject, content, work_behind, explain_opened)
