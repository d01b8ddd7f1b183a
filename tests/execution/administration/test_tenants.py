"""Acts on tenants, carried out on a database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from wallet_server.core.access.principal import TRUSTED, principal_of
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_filter import AuditFilter
from wallet_server.core.administration.audit_record import AuditOutcome
from wallet_server.core.administration.granting import Granter, granter_of
from wallet_server.core.administration.tenant import Provider, TenantSettings
from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.refusals import Refusal, TenantNotFound
from wallet_server.core.refusals.access import TenantNotAllowed
from wallet_server.core.refusals.administration import (
    EtagMismatch,
    RequestIdTaken,
    TenantExists,
)
from wallet_server.core.refusals.tenancy import SingleHandedNotAllowed
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.administration.audit_reader import AuditReader
from wallet_server.execution.administration.tenants import Tenants, TenantView
from wallet_server.execution.errors import RefusedError
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
ACT = Act("acme", "r1", "TenantAdmin.CreateTenant", Actor("ada", ("owner",)))
ACME = TenantSettings("Acme")
OWNER = granter_of(TRUSTED, NOBODY)
OF_ACME = Granter(("owner",), {"acme", "nobody"})


@pytest.fixture
def tenants(engine: AsyncEngine) -> Tenants:
    return Tenants(engine, lambda: NOW)


async def refusal_of(awaitable: object) -> Refusal:
    """Returns why something was refused."""
    with pytest.raises(RefusedError) as refused:
        await awaitable  # pyright: ignore[reportGeneralTypeIssues] - any awaitable.
    return refused.value.refusal


async def outcomes(engine: AsyncEngine, tenant_id: str) -> list[tuple[AuditOutcome, int | None]]:
    """Returns what is on record of a tenant, oldest first."""
    found = await AuditReader(engine).records(AuditFilter(tenant_id), before=None, limit=99)
    by_revision = sorted(found, key=lambda each: each.resource.revision or 0)
    return [(each.outcome, each.resource.revision) for each in by_revision]


async def test_a_new_tenant_has_no_configuration_and_is_on_record(
    tenants: Tenants, engine: AsyncEngine
) -> None:
    made = await tenants.create(ACT, ACME, OWNER)

    assert (made.tenant.settings, made.tenant.revision, made.is_configured) == (ACME, 1, False)
    found = await tenants.get("acme")
    assert found == TenantView(replace(made.tenant, epoch=1), is_configured=False)
    assert await outcomes(engine, "acme") == [(AuditOutcome.APPLIED, 1)]


async def test_the_same_request_makes_one_tenant(tenants: Tenants, engine: AsyncEngine) -> None:
    first = await tenants.create(ACT, ACME, OWNER)

    assert await tenants.create(ACT, ACME, OWNER) == replace(first, replayed=True)
    other = tenants.create(ACT, TenantSettings("Other"), OWNER)
    assert await refusal_of(other) == RequestIdTaken("r1")
    assert len(await outcomes(engine, "acme")) == 2


async def test_a_tenant_is_only_made_once_and_only_by_callers_for_all(tenants: Tenants) -> None:
    assert await refusal_of(tenants.create(ACT, ACME, OF_ACME)) == TenantNotAllowed()
    await tenants.create(ACT, ACME, OWNER)

    again = tenants.create(replace(ACT, request_id="r2"), ACME, OWNER)
    assert await refusal_of(again) == TenantExists("acme")


async def test_what_is_only_validated_is_not_made(tenants: Tenants) -> None:
    seen = await tenants.create(replace(ACT, validate_only=True), ACME, OWNER)

    assert seen.tenant.settings == ACME
    assert await refusal_of(tenants.get("acme")) == TenantNotFound("acme")


async def test_settings_are_replaced_by_those_who_know_them(
    tenants: Tenants, engine: AsyncEngine
) -> None:
    await tenants.create(ACT, ACME, OWNER)
    update = replace(ACT, request_id="r2", method="TenantAdmin.UpdateTenant")

    changed = await tenants.update(update, "1", TenantSettings("Acme Ltd"))

    assert changed.tenant.revision == 2
    assert (await tenants.get("acme")).tenant.settings == TenantSettings("Acme Ltd")
    assert await tenants.update(update, "1", TenantSettings("Acme Ltd")) == replace(
        changed, replayed=True
    )
    late = tenants.update(replace(update, request_id="r3"), "1", ACME)
    assert await refusal_of(late) == EtagMismatch("tenant acme", "1", "2")
    nobodys = tenants.update(replace(update, tenant_id="nobody"), "1", ACME)
    assert await refusal_of(nobodys) == TenantNotFound("nobody")


async def test_four_eyes_are_begun_and_never_ended(tenants: Tenants, database: Database) -> None:
    owner = create_engine(database.server_url)
    await apply_documents(owner, "acme", load_shape("ruby"), NOW)
    await owner.dispose()
    alone = (await tenants.get("acme")).tenant
    assert alone.settings.single_handed

    settings = replace(alone.settings, single_handed=False)
    await tenants.update(ACT, str(alone.revision), settings)
    back = tenants.update(
        replace(ACT, request_id="r2"),
        str(alone.revision + 1),
        replace(settings, single_handed=True),
    )

    assert await refusal_of(back) == SingleHandedNotAllowed("acme")
    assert not (await tenants.get("acme")).tenant.settings.single_handed


async def test_tenants_are_listed_by_id_and_only_those_that_one_may_name(
    tenants: Tenants, database: Database
) -> None:
    owner = create_engine(database.server_url)
    await apply_documents(owner, "brand", load_shape("ruby"), NOW)
    await owner.dispose()
    for tenant_id in ("club", "acme"):
        await tenants.create(replace(ACT, tenant_id=tenant_id), ACME, OWNER)

    def listed(views: list[TenantView]) -> list[tuple[str, bool]]:
        return [(each.tenant.tenant_id, each.is_configured) for each in views]

    everything = [("acme", False), ("brand", True), ("club", False)]
    assert listed(await tenants.page(OWNER, after="", limit=9)) == everything
    assert listed(await tenants.page(OWNER, after="acme", limit=1)) == [("brand", True)]
    assert listed(await tenants.page(OF_ACME, after="", limit=9)) == [("acme", False)]
    nobody = granter_of(principal_of("x", ("admin",), frozenset()), Actor("x", ("admin",)))
    assert await tenants.page(nobody, after="", limit=9) == []


async def test_providers_are_those_with_active_profiles(
    tenants: Tenants, database: Database
) -> None:
    owner = create_engine(database.server_url)
    await apply_documents(owner, "brand", load_shape("ruby"), NOW)
    await owner.dispose()

    found = await tenants.providers("brand", after="", limit=99)

    assert [each.provider_id for each in found] == sorted(each.provider_id for each in found)
    assert Provider("acme-sports", "SPORTS", 1, 1) in found
    last = found[-1]
    assert await tenants.providers("brand", after=found[-2].provider_id, limit=9) == [last]
    assert await refusal_of(tenants.providers("nobody", after="", limit=9)) == TenantNotFound(
        "nobody"
    )
