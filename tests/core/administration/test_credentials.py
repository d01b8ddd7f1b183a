"""Credentials: who may grant what to whom, change it and take it away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from wallet_server.core.access.credential import CredentialKind
from wallet_server.core.access.permission import Permission, Role, permissions_of
from wallet_server.core.access.principal import TRUSTED, principal_of
from wallet_server.core.administration.credential import (
    Credential,
    CredentialState,
    CredentialTerms,
    credential_of_plain,
    plain_credential,
)
from wallet_server.core.administration.credentials import (
    NewCredential,
    new_credential,
    revoked,
    with_terms,
)
from wallet_server.core.administration.granting import (
    Granter,
    granter_of,
    why_not_ended,
    why_not_granted,
    why_tokens_not_ended,
)
from wallet_server.core.administration.revocation import (
    Revocation,
    plain_revocation,
    revocation_of_plain,
)
from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.access import TenantNotAllowed
from wallet_server.core.refusals.administration import EtagMismatch
from wallet_server.core.refusals.tenancy import (
    CredentialRevoked,
    CredentialTenantsUnfit,
    ExpireTimePassed,
    GrantNotAllowed,
    OwnCredential,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
TERMS = CredentialTerms(tenants=("acme",), roles=("consumer",))
CREDENTIAL = Credential(
    credential_id="c1",
    kind=CredentialKind.CERTIFICATE,
    subject="spiffe://acme/cashier",
    terms=TERMS,
    state=CredentialState.ACTIVE,
    revision=4,
    author="ada",
    create_time=NOW,
    update_time=NOW,
)
ADMIN = Granter(("admin",), {"acme"}, credential_id="own")
OWNER = Granter(("owner",), {"*"})
ADA = Granter(("admin",), {"acme"}, name="ada")
TWO_TENANTS = Granter(("owner",), {"acme", "brand"})
ANYBODY = granter_of(TRUSTED, NOBODY)


def terms(*roles: str, tenants: str = "acme", may_vouch: bool = False) -> CredentialTerms:
    """Returns terms for tenants and roles."""
    return CredentialTerms(tuple(tenants.split()), roles, may_vouch=may_vouch)


# --- Granting


TAKE_TWO = {
    Permission.CONFIGURE,
    Permission.APPROVE_CONFIGURATION,
    Permission.ADJUST,
    Permission.REVIEW,
    Permission.REPLAN,
    Permission.ADMINISTER,
}
"""What one person does and another approves, and whoever may make either of them."""

MOVES = {Permission.PLAY, Permission.PROMOTE, Permission.CASH, Permission.MIGRATE}
"""What makes money of nothing, for one who is alone."""


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_an_admin_grants_no_role_that_can_be_one_of_two_persons_or_moves_money(role: str) -> None:
    """Else an admin would be the second person too, by a credential of another subject."""
    has = permissions_of([role])
    by_admin = GrantNotAllowed(role) if has & (TAKE_TWO | MOVES) else None

    assert why_not_granted(ADMIN, terms(role)) == by_admin
    assert why_not_granted(OWNER, terms(role)) is None


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_an_admin_ends_credentials_that_move_money_though_others_let_them_in(role: str) -> None:
    by_admin = GrantNotAllowed(role) if permissions_of([role]) & TAKE_TWO else None

    assert why_not_ended(ADMIN, terms(role)) == by_admin
    assert why_not_ended(OWNER, terms(role)) is None


@pytest.mark.parametrize(
    ("granter", "subject", "is_refused"),
    [
        (ADA, "ada", True),
        (ADA, "CN=Ada", True),
        (ADA, "spiffe://acme/ada", True),
        (ADA, "adam", False),
        (replace(ADA, name="office/ada"), "ada", True),
        (replace(ADA, roles=("admin", "owner")), "ada", False),
        (replace(ADA, is_trusted=True), "ada", False),
        (replace(ADA, name=""), "ada", False),
    ],
)
def test_nobody_but_an_owner_gives_their_own_name_anything(
    granter: Granter, subject: str, *, is_refused: bool
) -> None:
    wanted = NewCredential("acme", CredentialKind.CERTIFICATE, subject, TERMS)
    known = replace(CREDENTIAL, subject=subject)

    made = new_credential(wanted, "c1", granter, "ada", NOW)
    after = with_terms(known, "4", terms("support"), granter, LATER)

    assert (made == OwnCredential("", subject)) is is_refused
    assert (after == OwnCredential("c1", subject)) is is_refused
    assert isinstance(revoked(known, "4", granter, LATER), Credential)


@pytest.mark.parametrize(
    "role", [role.value for role in Role if role.value not in ("admin", "owner")]
)
def test_whoever_is_neither_grants_nothing(role: str) -> None:
    assert why_not_granted(Granter((role,), {"*"}), terms("support")) == GrantNotAllowed("support")


@pytest.mark.parametrize(
    ("granter", "wanted", "refusal"),
    [
        (ADMIN, terms("support", tenants="brand"), TenantNotAllowed()),
        (ADMIN, terms("support", tenants="acme brand"), TenantNotAllowed()),
        (ADMIN, terms("support", tenants="*"), TenantNotAllowed()),
        (TWO_TENANTS, terms("owner", tenants="acme brand"), None),
        (TWO_TENANTS, terms("support", tenants="*"), TenantNotAllowed()),
        (OWNER, terms("support", tenants="*"), None),
        (ADMIN, terms("support", "owner"), GrantNotAllowed("support, owner")),
        (ADMIN, terms("a_level_of_ours"), None),
        (ADMIN, terms("support", may_vouch=True), GrantNotAllowed("may_vouch")),
        (OWNER, terms("support", may_vouch=True), None),
        (Granter((), {"*"}), terms("support"), GrantNotAllowed("support")),
        (ANYBODY, terms("owner", tenants="*", may_vouch=True), None),
    ],
)
def test_nobody_grants_beyond_their_own_tenants_and_roles(
    granter: Granter, wanted: CredentialTerms, refusal: Refusal | None
) -> None:
    assert why_not_granted(granter, wanted) == refusal


def test_a_caller_grants_in_the_roles_in_which_it_acts_now() -> None:
    principal = principal_of(
        "office", ("owner", "support"), frozenset({"acme"}), credential_id="c9"
    )

    granter = granter_of(principal, Actor("office/sue", ("support",)))

    assert granter == Granter(("support",), frozenset({"acme"}), "c9", name="office/sue")
    assert why_not_granted(granter, terms("support")) == GrantNotAllowed("support")


@pytest.mark.parametrize(
    ("granter", "subject", "refusal"),
    [
        (OWNER, "", None),
        (OWNER, "olga", None),
        (ANYBODY, "olga", None),
        (replace(ADMIN, tenants={"*"}), "", None),
        (replace(ADMIN, tenants={"*"}), "olga", GrantNotAllowed("owner")),
        (ADMIN, "", TenantNotAllowed()),
        (TWO_TENANTS, "olga", TenantNotAllowed()),
    ],
)
def test_tokens_are_ended_by_who_is_for_all_tenants_and_those_of_a_subject_by_owners(
    granter: Granter, subject: str, refusal: Refusal | None
) -> None:
    assert why_tokens_not_ended(granter, subject) == refusal


# --- Making


def asked(tenant_id: str, wanted: CredentialTerms) -> NewCredential:
    """Returns a request for a certificate's credential."""
    return NewCredential(tenant_id, CredentialKind.CERTIFICATE, CREDENTIAL.subject, wanted)


def test_a_credential_is_made_as_it_was_asked_for() -> None:
    made = new_credential(asked("acme", TERMS), "c1", ADMIN, "ada", NOW)

    assert made == replace(CREDENTIAL, revision=1)


@pytest.mark.parametrize(
    ("tenant_id", "tenants", "is_fit"),
    [
        ("acme", "acme", True),
        ("", "acme brand", True),
        ("", "*", True),
        ("acme", "brand", False),
        ("acme", "acme brand", False),
        ("acme", "*", False),
        ("", "acme", False),
        ("", "acme *", False),
        ("", "", False),
    ],
)
def test_a_credential_is_for_one_tenant_or_for_several_or_all(
    tenant_id: str, tenants: str, *, is_fit: bool
) -> None:
    made = new_credential(
        asked(tenant_id, terms("support", tenants=tenants)), "c1", OWNER, "ada", NOW
    )

    if is_fit:
        assert isinstance(made, Credential)
        assert made.tenant_id == tenant_id
    else:
        assert made == CredentialTenantsUnfit()


@pytest.mark.parametrize(("expire_time", "is_ahead"), [(LATER, True), (NOW, False)])
def test_a_credential_ends_at_a_time_to_come(expire_time: datetime, *, is_ahead: bool) -> None:
    made = new_credential(
        asked("acme", replace(TERMS, expire_time=expire_time)), "c1", ADMIN, "ada", NOW
    )

    expected = ExpireTimePassed("2026-01-02T03:04:05.678901+00:00")
    assert isinstance(made, Credential) if is_ahead else made == expected


# --- Changing


def test_a_change_replaces_all_that_a_credential_stands_for() -> None:
    after = with_terms(CREDENTIAL, "4", terms("support"), ADMIN, LATER)

    assert after == replace(CREDENTIAL, terms=terms("support"), revision=5, update_time=LATER)


def test_a_change_never_goes_back_in_time() -> None:
    after = with_terms(replace(CREDENTIAL, update_time=LATER), "4", terms("support"), ADMIN, NOW)

    assert isinstance(after, Credential)
    assert after.update_time == LATER


@pytest.mark.parametrize(
    ("before", "etag", "wanted", "granter", "refusal"),
    [
        (CREDENTIAL, "3", TERMS, ADMIN, EtagMismatch("credential c1", "3", "4")),
        (
            replace(CREDENTIAL, state=CredentialState.REVOKED),
            *("3", TERMS, ADMIN, CredentialRevoked("c1")),
        ),
        (CREDENTIAL, "4", terms("support", tenants="brand"), OWNER, CredentialTenantsUnfit()),
        (CREDENTIAL, "4", terms("support", tenants="*"), OWNER, CredentialTenantsUnfit()),
        (CREDENTIAL, "4", terms("owner"), ADMIN, GrantNotAllowed("owner")),
        (
            replace(CREDENTIAL, terms=terms("owner")),
            *("4", TERMS, ADMIN, GrantNotAllowed("owner")),
        ),
        (
            replace(CREDENTIAL, terms=terms("support", may_vouch=True)),
            *("4", TERMS, ADMIN, GrantNotAllowed("may_vouch")),
        ),
        (
            replace(CREDENTIAL, credential_id="own"),
            "4",
            TERMS,
            ADMIN,
            OwnCredential("own", CREDENTIAL.subject),
        ),
    ],
)
def test_what_cannot_be_changed(
    before: Credential, etag: str, wanted: CredentialTerms, granter: Granter, refusal: Refusal
) -> None:
    assert with_terms(before, etag, wanted, granter, LATER) == refusal


# --- Ending


def test_a_revoked_credential_stays_what_it_was_and_is_worth_nothing() -> None:
    after = revoked(CREDENTIAL, "4", ADMIN, LATER)

    assert after == replace(
        CREDENTIAL, state=CredentialState.REVOKED, revision=5, update_time=LATER
    )


def test_one_may_revoke_ones_own() -> None:
    own = replace(CREDENTIAL, credential_id="own")

    assert isinstance(revoked(own, "4", ADMIN, LATER), Credential)


@pytest.mark.parametrize(
    ("before", "etag", "refusal"),
    [
        (CREDENTIAL, "5", EtagMismatch("credential c1", "5", "4")),
        (replace(CREDENTIAL, state=CredentialState.REVOKED), "4", CredentialRevoked("c1")),
        (replace(CREDENTIAL, terms=terms("owner")), "4", GrantNotAllowed("owner")),
    ],
)
def test_what_cannot_be_revoked(before: Credential, etag: str, refusal: Refusal) -> None:
    assert revoked(before, etag, ADMIN, LATER) == refusal


# --- On record


@pytest.mark.parametrize("expire_time", [None, LATER])
def test_the_record_says_all_of_a_credential(expire_time: datetime | None) -> None:
    wanted = replace(terms("support", may_vouch=True), player_id="p1", expire_time=expire_time)
    credential = replace(CREDENTIAL, terms=wanted)

    plain = plain_credential(credential)

    assert plain == {
        "credential_id": "c1",
        "kind": "CERTIFICATE",
        "subject": "spiffe://acme/cashier",
        "tenants": ["acme"],
        "roles": ["support"],
        "player_id": "p1",
        "may_vouch": True,
        "expire_time": expire_time and "2026-01-03T03:04:05.678901+00:00",
        "state": "ACTIVE",
        "revision": 4,
        "author": "ada",
        "create_time": "2026-01-02T03:04:05.678901+00:00",
        "update_time": "2026-01-02T03:04:05.678901+00:00",
    }
    assert credential_of_plain(plain) == credential


def test_the_record_says_all_of_a_revocation() -> None:
    revocation = Revocation(UUID(int=1), "", "ada", NOW, LATER)

    plain = plain_revocation(revocation)

    assert plain["revocation_id"] == "00000000-0000-0000-0000-000000000001"
    assert revocation_of_plain(plain) == revocation
