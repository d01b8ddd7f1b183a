"""Publishes a tenant's configuration: all documents at once, or none.

This is the short way, for tenants that one person may change alone: new versions become active
without having been drafts. They are judged, and kept on record, as activating them one by one is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.tenant import Tenant, TenantSettings
from wallet_server.core.administration.tenants import plain_tenant, resource_of_tenant
from wallet_server.core.administration.version_plain import (
    place_of,
    plain_version,
    resource_of,
)
from wallet_server.core.administration.versions import Version, step
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.activation import PlannedVersion, Standing, plan_activation
from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import BAD_CODE
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation_changes import removed_codes
from wallet_server.core.config.version import StoredVersion, Versioned, VersionState
from wallet_server.core.refusals.administration import (
    ApproverSameAsAuthor,
    PolicyInvalid,
    Unfit,
)
from wallet_server.execution.administration.circumstances import load_references, statuses_told
from wallet_server.execution.administration.fenced_store import FencedStore
from wallet_server.execution.administration.lookups import change_from
from wallet_server.execution.administration.store import AdminStore
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.settings import ORDINARY_ADMINISTRATION
from wallet_server.storage import tenants, version_writes, versions

TENANT_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
METHOD = "apply"
ACTIVE, SUPERSEDED = VersionState.ACTIVE, VersionState.SUPERSEDED


class ConfigurationInvalidError(Exception):
    """The documents cannot become active. Nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


class SecondPersonNeededError(Exception):
    """The tenant has active versions, and one person may not change them alone."""


@dataclass(frozen=True, slots=True)
class AppliedDocument:
    """A document and its version, and whether that was stored now or before."""

    title: str
    version: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class AppliedReport:
    """What became of the documents, in their order, and the tenant's epoch since."""

    tenant_id: str
    epoch: int
    documents: tuple[AppliedDocument, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything is new."""
        return any(document.is_new for document in self.documents)


async def apply_documents(
    engine: AsyncEngine,
    tenant_id: str,
    documents: Sequence[Document],
    now: datetime,
    *,
    single_handed: bool = True,
    author: str = METHOD,
    must_be_single_handed: bool = False,
) -> AppliedReport:
    """Makes documents the active ones of a tenant, in one act.

    They are judged together with what is active and not replaced. The tenant is made
    if it is new. Documents that say what is active already are left alone, and where
    all do, so is the epoch.

    Args:
        engine: Where connections come from.
        tenant_id: Whose documents they are.
        documents: At most one of each kind and key.
        now: When they become active.
        single_handed: Whether one person may change a tenant that is made now.
        author: Who is said to have written them.
        must_be_single_handed: Refuses to change what is active for a tenant that is not.

    Raises:
        ConfigurationInvalidError: The configuration would be wrong; it says all of it.
        SecondPersonNeededError: It is not the tenant's way to be changed so.
        Fault: The database is away, or every attempt ended in a conflict with somebody else's.
    """
    if not TENANT_ID.fullmatch(tenant_id):
        message = "at most 32 lower-case letters, digits and hyphens, no hyphen first"
        raise ConfigurationInvalidError([Problem("tenant_id", BAD_CODE, message)])
    act = Act(tenant_id, request_id="", method=METHOD, actor=Actor(author))
    applying = Applying(
        act,
        documents,
        TenantSettings(single_handed=single_handed),
        must_be_single_handed=must_be_single_handed,
    )
    store = AdminStore(engine, lambda: now)
    subject = Resource(ResourceKind.TENANT, tenant_id)
    try:
        if await store.look(act, subject, applying.removes_buckets):
            seconds = ORDINARY_ADMINISTRATION.activation_fence_seconds
            await FencedStore(engine, store, seconds=seconds).run(act, subject, {}, applying)
        else:
            await store.run(act, subject, {}, applying)
    except RefusedError as error:
        match error.refusal:
            case Unfit(problems=problems):
                raise ConfigurationInvalidError(problems) from error
            case ApproverSameAsAuthor():
                raise SecondPersonNeededError from error
            case _:
                raise
    assert applying.report is not None
    return applying.report


class Applying:
    """The work of applying documents. It may run several times; the last one's report counts."""

    def __init__(
        self,
        act: Act,
        documents: Sequence[Document],
        settings: TenantSettings,
        *,
        must_be_single_handed: bool,
    ) -> None:
        """Takes what is to be active, and the settings of a tenant that is new."""
        self.report: AppliedReport | None = None
        self._act = act
        self._documents = documents
        self._settings = settings
        self._must_be_single_handed = must_be_single_handed

    async def removes_buckets(self, connection: AsyncConnection, now: datetime) -> bool:
        """Tells whether a bucket that is there would go, as things are now."""
        del now
        active = await versions.in_state(connection, self._act.tenant_id, ACTIVE)
        return bool(removed_by(active, self._documents))

    async def __call__(self, connection: AsyncConnection, now: datetime) -> Sequence[Change]:
        """Looks at what is active, decides what is to be, and writes it."""
        tenant_id = self._act.tenant_id
        tenant = await tenants.find(connection, tenant_id)
        active: list[Version] = []
        standing = Standing()  # Who is new has nothing yet.
        if tenant is not None:
            active = await versions.in_state(connection, tenant_id, ACTIVE)
            standing = await load_standing(connection, tenant_id, active, self._documents)
        plan = plan_activation(standing, self._documents)
        if isinstance(plan, list):
            raise RefusedError(PolicyInvalid(tuple(plan)))
        made = [each for each in plan if each.is_new]
        if made and active and self._takes_two(tenant):
            raise RefusedError(ApproverSameAsAuthor(made[0].title, self._act.actor.name))
        changes = [
            change
            for each in made
            for change in await self._activate(connection, each, active, now)
        ]
        epoch, opening = await self._raise_epoch(connection, tenant, now, is_changed=bool(made))
        documents = tuple(AppliedDocument(p.title, p.document.version, p.is_new) for p in plan)
        self.report = AppliedReport(tenant_id, epoch, documents)
        return [*opening, *changes]

    def _takes_two(self, tenant: Tenant | None) -> bool:
        """Tells whether one person may not change the tenant alone, and this would be that."""
        return self._must_be_single_handed and not (tenant and tenant.settings.single_handed)

    async def _activate(
        self,
        connection: AsyncConnection,
        planned: PlannedVersion,
        active: Sequence[Version],
        now: datetime,
    ) -> Sequence[Change]:
        """Stores a version as the active one, in place of the one before, if there is one."""
        changes: list[Change] = []
        for before in active:
            if title_of(before.value) == planned.title:
                ended = step(before, SUPERSEDED, now)
                await version_writes.update(connection, ended)
                changes.append(change_from(before, ended))
        made: Version = StoredVersion(
            tenant_id=self._act.tenant_id,
            version=planned.document.version,
            state=ACTIVE,
            value=planned.document.value,
            create_time=now,
            author=self._act.actor.name,
            activate_time=now,
        )
        await version_writes.insert(connection, made)
        topology = active_topology(active)
        told = await statuses_told(connection, made.tenant_id, topology, made.value)
        return [Change(resource_of(made), plain_version(made), told=told), *changes]

    async def _raise_epoch(
        self, connection: AsyncConnection, tenant: Tenant | None, now: datetime, *, is_changed: bool
    ) -> tuple[int, Sequence[Change]]:
        """Moves the tenant to its next epoch, or makes it. Returns the epoch since."""
        if tenant is None:
            made = await tenants.insert(connection, self._act.tenant_id, now, self._settings)
            return made.epoch, [Change(resource_of_tenant(made), plain_tenant(made))]
        if not is_changed:
            return tenant.epoch, []
        await tenants.raise_epoch(connection, tenant.tenant_id, epoch=tenant.epoch)
        return tenant.epoch + 1, []


async def load_standing(
    connection: AsyncConnection,
    tenant_id: str,
    active: Sequence[Version],
    documents: Sequence[Document],
) -> Standing:
    """Returns what documents are judged by."""
    scheduled = await versions.in_state(connection, tenant_id, VersionState.SCHEDULED)
    removed = removed_by(active, documents)
    return Standing(
        active=[Versioned(each.version, each.value) for each in active],
        scheduled=[Versioned(each.version, each.value) for each in scheduled],
        latest={
            title_of(each): await versions.highest(connection, tenant_id, *place_of(each))
            for each in documents
        },
        retired_codes=await versions.retired_codes(connection, tenant_id),
        references=await load_references(connection, tenant_id, removed),
    )


def removed_by(active: Sequence[Version], documents: Sequence[Document]) -> frozenset[str]:
    """Returns the codes of buckets that documents would remove from what is active."""
    before = active_topology(active)
    after = next((each for each in documents if isinstance(each, Topology)), None)
    return removed_codes(before, after) if before and after else frozenset()


def active_topology(active: Sequence[Version]) -> Topology | None:
    """Returns the topology of versions that are active, if there is one."""
    return next((each.value for each in active if isinstance(each.value, Topology)), None)
