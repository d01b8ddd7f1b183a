"""Acts on versions: drafts are written, judged, approved, scheduled and archived."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.administration import versions as life
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.blocker import Blocker
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.circumstances import Circumstances
from wallet_server.core.administration.version_plain import (
    plain_version,
    ref_to_make,
    resource_of,
    version_of,
)
from wallet_server.core.administration.versions import Version
from wallet_server.core.config.documents import Document, write_document
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.version import VersionRef
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import TopologyActivationBlocked, Unfit
from wallet_server.core.value import value
from wallet_server.execution.administration.activator import Activator, Candidate
from wallet_server.execution.administration.circumstances import load_circumstances
from wallet_server.execution.administration.lookups import (
    accepted,
    change_from,
    find_tenant,
    find_version,
    subject_of,
)
from wallet_server.execution.administration.store import AdminStore, Done
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.settings import ORDINARY_ADMINISTRATION, AdministrationSettings
from wallet_server.storage import version_writes, versions

Step: TypeAlias = Callable[[Version, Circumstances, datetime], Version | Refusal]
"""What an act makes of a version that is there."""

NOTHING_SAID: Mapping[str, object] = {}


@value
class VersionChange:
    """A version as an act has left it. `replayed`: the act was carried out before.

    Where an act was only to be validated, the version may be as it was, with all that is wrong
    with it, or in its way.
    """

    stored: Version
    replayed: bool = False
    problems: tuple[Problem, ...] = ()
    blockers: tuple[Blocker, ...] = ()


class VersionAdmin:
    """Acts on versions of topologies, wallet policies, policies and provider profiles.

    Each method may raise `RefusedError`, or a `Fault`. An `etag` is of the version as the caller
    knows it.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        now: Callable[[], datetime],
        settings: AdministrationSettings = ORDINARY_ADMINISTRATION,
    ) -> None:
        """Takes the engine that connections come from. `now` tells the time."""
        self._store = AdminStore(engine, now)
        self._activator = Activator(engine, self._store, settings)

    async def create(
        self,
        act: Act,
        document: Document | None = None,
        *,
        source: str | None = None,
        copy_of: VersionRef | None = None,
    ) -> VersionChange:
        """Makes a draft of a document, or of what another version says.

        `source` is the YAML that the document was written as, if it was.
        """
        ref = ref_to_make(document, copy_of)
        content = {
            "document": document and write_document(document),
            "source": source,
            "copy_of": copy_of,
        }

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            tenant = await find_tenant(connection, act.tenant_id)
            said, text = document, source
            if said is None:
                assert copy_of is not None
                original = await find_version(connection, act.tenant_id, copy_of)
                said, text = original.value, original.source
            number = await versions.highest(connection, act.tenant_id, ref.kind, ref.key) + 1
            made = accepted(
                life.create_version(act, said, tenant.settings, number=number, now=now, source=text)
            )
            await version_writes.insert(connection, made)
            return [Change(resource_of(made), plain_version(made))]

        return change_of(await self._store.run(act, subject_of(ref), content, work))

    async def update(
        self, act: Act, ref: VersionRef, etag: str, document: Document, source: str | None = None
    ) -> VersionChange:
        """Lets a version say something else, which makes it a draft."""
        said = {"document": write_document(document), "source": source}
        return await self._change(
            act,
            ref,
            etag,
            lambda version, around, now: life.update_version(
                version, act, etag, document, around.settings, now=now, source=source
            ),
            said,
        )

    async def validate(self, act: Act, ref: VersionRef, etag: str) -> VersionChange:
        """Judges a draft: from here on it does not change, unless it becomes a draft again."""
        return await self._change(
            act,
            ref,
            etag,
            lambda version, around, now: life.validate_version(version, act, etag, around, now=now),
        )

    async def approve(self, act: Act, ref: VersionRef, etag: str) -> VersionChange:
        """Approves what somebody else has written."""
        return await self._change(
            act,
            ref,
            etag,
            lambda version, around, now: life.approve_version(
                version, act, etag, around.settings, now=now
            ),
        )

    async def schedule(
        self, act: Act, ref: VersionRef, etag: str, effective_time: datetime
    ) -> VersionChange:
        """Lets an approved version become active by itself, at a time to come."""
        return await self._change(
            act,
            ref,
            etag,
            lambda version, around, now: life.schedule_version(
                version, act, etag, effective_time, around, now=now
            ),
            {"effective_time": effective_time},
        )

    async def unschedule(self, act: Act, ref: VersionRef, etag: str) -> VersionChange:
        """Takes back what is scheduled: it is approved, and no more."""
        return await self._change(
            act,
            ref,
            etag,
            lambda version, around, now: life.unschedule_version(
                version, act, etag, around.settings, now=now
            ),
        )

    async def archive(self, act: Act, ref: VersionRef, etag: str) -> VersionChange:
        """Ends a version that never becomes active."""
        return await self._change(
            act,
            ref,
            etag,
            lambda version, around, now: life.archive_version(
                version, act, etag, around.settings, now=now
            ),
        )

    async def activate(self, act: Act, ref: VersionRef, etag: str) -> VersionChange:
        """Makes an approved version the active one, in place of the one before.

        With `validate_only` it tells what is in the way of it, in any state before that.
        """
        return await self._told(act, ref, self._activator.activate(Candidate(act, ref, etag)))

    async def _change(
        self,
        act: Act,
        ref: VersionRef,
        etag: str,
        step: Step,
        said: Mapping[str, object] = NOTHING_SAID,
    ) -> VersionChange:
        """Makes of a version what a step makes of it."""

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            tenant = await find_tenant(connection, act.tenant_id)
            before = await find_version(connection, act.tenant_id, ref)
            around = await load_circumstances(connection, tenant)
            after = accepted(step(before, around, now))
            await version_writes.update(connection, after)
            return [change_from(before, after)]

        content = {"version": ref, "etag": etag, **said}
        return await self._told(act, ref, self._store.run(act, subject_of(ref), content, work))

    async def _told(self, act: Act, ref: VersionRef, doing: Awaitable[Done]) -> VersionChange:
        """Returns what an act comes to: where it is only to be validated, what is wrong too."""
        try:
            return change_of(await doing)
        except RefusedError as error:
            refusal = error.refusal
            if not act.validate_only or not isinstance(refusal, Unfit | TopologyActivationBlocked):
                raise
        stored = await self._store.look(
            act, subject_of(ref), lambda connection, _: find_version(connection, act.tenant_id, ref)
        )
        return VersionChange(
            stored,
            problems=refusal.problems,
            blockers=refusal.blockers if isinstance(refusal, TopologyActivationBlocked) else (),
        )


def change_of(done: Done) -> VersionChange:
    """Returns what an act on a version came to."""
    return VersionChange(version_of(done.after), replayed=done.replayed)
