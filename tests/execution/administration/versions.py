"""A tenant of two persons, and what they do to its versions."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.prepared import give_documents
from tests.storage.configurations import ALL, BONUS, TOPOLOGY
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.version_plain import ref_of
from wallet_server.core.commands import Amount, CreditPromotion
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.documents import Document
from wallet_server.core.config.topology import RetiredBucket
from wallet_server.core.config.version import StoredVersion, VersionRef
from wallet_server.core.refusals import BucketUnknownInTopology
from wallet_server.core.refusals.administration import TopologyActivationBlocked
from wallet_server.execution.administration.versions import VersionAdmin, VersionChange
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.settings import AdministrationSettings, EngineSettings

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
TENANT = "demo"
WITHOUT_BONUS = replace(
    TOPOLOGY,
    buckets=tuple(each for each in TOPOLOGY.buckets if each != BONUS),
    retired_buckets=(RetiredBucket("bonus", "cash"),),
)
"""The small topology, with one bucket less."""

GONE = BucketUnknownInTopology("bonus")
PATIENT = EngineSettings(lanes_count=1, attempts_max=100)

ANNA, BERT = Actor("anna", ("admin",)), Actor("bert", ("owner",))


@dataclass
class Office:
    """Where versions of a tenant are administered. Its time stands still unless it is moved."""

    database: Database
    engine: AsyncEngine
    time: datetime = NOW
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def admin(self) -> VersionAdmin:
        """Acts on versions."""
        return VersionAdmin(self.engine, lambda: self.time)

    def act(self, method: str = "Activate", actor: Actor = ANNA, **changes: Any) -> Act:
        """Returns an act of somebody, under a request_id of its own."""
        act = Act(TENANT, f"r{next(self.numbers)}", f"PolicyAdmin.{method}", actor, reason="why")
        return replace(act, **changes)

    async def draft(self, document: Document) -> VersionChange:
        """Has Anna write a draft."""
        return await self.admin.create(self.act("Create"), document)

    async def validated(self, document: Document) -> VersionChange:
        """Has Anna write a version and have it validated."""
        draft = await self.draft(document)
        return await self.admin.validate(self.act("Validate"), *named(draft))

    async def approved(self, document: Document) -> VersionChange:
        """Has Anna write a version, and Bert approve it."""
        validated = await self.validated(document)
        return await self.admin.approve(self.act("Approve", BERT), *named(validated))

    async def activated(self, document: Document) -> VersionChange:
        """Has Bert activate what Anna has written."""
        approved = await self.approved(document)
        return await self.admin.activate(self.act(actor=BERT), *named(approved))

    def pass_time(self, **time: float) -> None:
        """Moves the clock on."""
        self.time += timedelta(**time)

    async def records(self) -> list[dict[str, Any]]:
        """Returns all audit records of acts by persons, in no order of their own."""
        connection = await self.database.connect()
        rows = await connection.fetch("SELECT * FROM audit_records WHERE method <> 'apply'")
        return [dict(row) for row in rows]

    async def value(self, query: str) -> Any:
        """Returns one value from the database."""
        return await (await self.database.connect()).fetchval(query)


async def open_office(database: Database, engine: AsyncEngine, *documents: Document) -> Office:
    """Returns an office for a tenant that needs two persons, with its first documents."""
    await give_documents(database, TENANT, documents or ALL, single_handed=False, now=NOW)
    return Office(database, engine)


def named(change: VersionChange) -> tuple[VersionRef, str]:
    """Returns the name of a version, and its etag."""
    return ref_of(change.stored), etag_of(change.stored)


def etag_of(version: StoredVersion[Any]) -> str:
    """Returns what a change of the version must name."""
    return str(version.revision)


def promote(minor_units: int = 100) -> CreditPromotion:
    """Returns a command that puts money into the bucket for bonuses."""
    return CreditPromotion("gift", "bonus", Amount("EUR", minor_units))


async def activate(office: Office, approved: VersionChange, **settings: float) -> VersionChange:
    """Has Bert activate a version."""
    admin = VersionAdmin(office.engine, lambda: office.time, AdministrationSettings(**settings))
    return await admin.activate(office.act(actor=BERT), *named(approved))


def blocked(error: BaseException) -> list[tuple[str, str, int, list[tuple[str, int]]]]:
    """Returns what was in the way, with counts and totals."""
    assert isinstance(error, RefusedError)
    assert isinstance(error.refusal, TopologyActivationBlocked)
    return [
        (
            each.reason,
            each.subject,
            each.count,
            [(t.asset_code, t.minor_units) for t in each.totals],
        )
        for each in error.refusal.blockers
    ]
