"""Tenants and their settings: four eyes are never given up."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from wallet_server.core.administration.tenant import Tenant, TenantSettings
from wallet_server.core.administration.tenants import (
    new_tenant,
    plain_tenant,
    tenant_of_plain,
    with_settings,
)
from wallet_server.core.refusals.administration import EtagMismatch
from wallet_server.core.refusals.tenancy import SingleHandedNotAllowed

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
FOUR_EYES = TenantSettings("Acme")
ALONE = TenantSettings("Acme", single_handed=True)


def tenant(settings: TenantSettings, revision: int = 1) -> Tenant:
    """Returns a tenant whose configuration changed six times."""
    return Tenant("acme", 7, revision, settings, NOW)


def test_a_new_tenant_has_its_settings_and_nothing_else() -> None:
    assert new_tenant("acme", FOUR_EYES, NOW) == Tenant("acme", 1, 1, FOUR_EYES, NOW)


def test_no_tenant_is_made_single_handed() -> None:
    assert new_tenant("acme", ALONE, NOW) == SingleHandedNotAllowed("acme")


@pytest.mark.parametrize(
    ("before", "after", "is_allowed"),
    [
        (FOUR_EYES, replace(FOUR_EYES, display_name="Acme Ltd"), True),
        (ALONE, replace(ALONE, display_name="Acme Ltd"), True),
        (ALONE, FOUR_EYES, True),
        (FOUR_EYES, ALONE, False),
    ],
)
def test_four_eyes_can_be_begun_and_never_ended(
    before: TenantSettings, after: TenantSettings, *, is_allowed: bool
) -> None:
    expected = tenant(after, revision=5) if is_allowed else SingleHandedNotAllowed("acme")

    assert with_settings(tenant(before, revision=4), "4", after) == expected


@pytest.mark.parametrize("etag", ["3", "5", ""])
def test_settings_that_somebody_else_has_changed_stay(etag: str) -> None:
    refusal = EtagMismatch("tenant acme", etag, "4")

    assert with_settings(tenant(FOUR_EYES, revision=4), etag, ALONE) == refusal


def test_the_record_says_all_of_a_tenant_but_its_epoch() -> None:
    plain = plain_tenant(tenant(ALONE, revision=4))

    assert plain == {
        "tenant_id": "acme",
        "revision": 4,
        "settings": {"display_name": "Acme", "single_handed": True},
        "create_time": "2026-01-02T03:04:05.678901+00:00",
    }
    assert tenant_of_plain(plain) == replace(tenant(ALONE, revision=4), epoch=0)
