"""Publishes a tenant's configuration: all documents at once, or none."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.config.activation import PlannedVersion, Standing, plan_activation
from wallet_server.core.config.documents import Document
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import BAD_CODE
from wallet_server.execution.errors import ContentionError
from wallet_server.storage import active_versions, tenants

ATTEMPTS_MAX = 8
RETRY_DELAY_SECONDS = 0.02

# A serialization failure, a deadlock, and a key that another transaction was faster to use.
CONFLICTS = frozenset({"40001", "40P01", "23505"})

TENANT_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class ConfigurationInvalidError(Exception):
    """The documents cannot become active. Nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


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
    engine: AsyncEngine, tenant_id: str, documents: Sequence[Document], now: datetime
) -> AppliedReport:
    """Makes documents the active ones of a tenant, in one serializable transaction.

    They are judged together with what is active and not replaced. The tenant is made
    if it is new. Documents that say what is active already are left alone, and where
    all do, so is the epoch.

    Raises:
        ConfigurationInvalidError: The configuration would be wrong; it says all of it.
        ContentionError: Every attempt ended in a conflict with somebody else's.

    """
    if not TENANT_ID.fullmatch(tenant_id):
        message = "at most 32 lower-case letters, digits and hyphens, no hyphen first"
        raise ConfigurationInvalidError([Problem("tenant_id", BAD_CODE, message)])
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    for attempt in range(ATTEMPTS_MAX):
        await asyncio.sleep(RETRY_DELAY_SECONDS * attempt)
        try:
            async with serializable.begin() as connection:
                return await _apply(connection, tenant_id, documents, now)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in CONFLICTS:
                raise
    raise ContentionError


async def _apply(
    connection: AsyncConnection, tenant_id: str, documents: Sequence[Document], now: datetime
) -> AppliedReport:
    """Loads what is active, decides what is to be, and records it."""
    epoch = await tenants.find_epoch(connection, tenant_id)
    active = await active_versions.load_active(connection, tenant_id)
    plan = plan_activation(Standing(active), documents)
    if isinstance(plan, list):
        raise ConfigurationInvalidError(plan)
    epoch_after = await _record(connection, tenant_id, epoch, plan, now)
    applied = tuple(AppliedDocument(p.title, p.document.version, p.is_new) for p in plan)
    return AppliedReport(tenant_id, epoch_after, applied)


async def _record(
    connection: AsyncConnection,
    tenant_id: str,
    epoch: int | None,
    plan: Sequence[PlannedVersion],
    now: datetime,
) -> int:
    """Stores what is new under a new epoch, which it returns; else the one there is."""
    new = [planned.document for planned in plan if planned.is_new]
    if epoch is None:
        await tenants.insert(connection, tenant_id, now)
        epoch_after = tenants.FIRST_EPOCH
    elif new:
        await tenants.raise_epoch(connection, tenant_id, epoch=epoch)
        epoch_after = epoch + 1
    else:
        epoch_after = epoch
    for version in new:
        await active_versions.activate(connection, tenant_id, version, now)
    return epoch_after
