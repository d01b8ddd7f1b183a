"""Acts on credentials and tokens, carried out on a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.administration.test_tenants import refusal_of
from wallet_server.core.access.credential import CredentialKind
from wallet_server.core.access.principal import TRUSTED
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_filter import AuditFilter
from wallet_server.core.administration.audit_record import AuditOutcome
from wallet_server.core.administration.credential import (
    Credential,
    CredentialState,
    CredentialTerms,
)
from wallet_server.core.administration.credentials import NewCredential
from wallet_server.core.administration.granting import Granter, granter_of
from wallet_server.core.audit.difference import Check, Difference
from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.refusals import Refusal, TenantNotFound
from wallet_server.core.refusals.access import TenantNotAllowed
from wallet_server.core.refusals.administration import (
    CredentialExists,
    CredentialNotFound,
    RequestIdTaken,
)
from wallet_server.core.refusals.tenancy import CredentialRevoked, GrantNotAllowed
from wallet_server.execution.administration.audit_reader import AuditReader
from wallet_server.execution.administration.credentials import Credentials
from wallet_server.execution.credentials import CredentialReader
from wallet_server.execution.verification import VerificationScope, verify

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ACT = Act("acme", "r1", "TenantAdmin.CreateCredential", Actor("ada", ("owner",)))
WIDE = replace(ACT, tenant_id="")
ANYBODY = granter_of(TRUSTED, NOBODY)
ADMIN = Granter(("admin",), {"acme"})
TWO = Granter(("owner",), {"acme", "brand"})
TERMS = CredentialTerms(("acme",), ("consumer", "a_level"), expire_time=LATER)
SKEW_SECONDS = 30.0


def asked(
    subject: str = "spiffe://acme/cashier",
    *,
    terms: CredentialTerms = TERMS,
    kind: CredentialKind = CredentialKind.CERTIFICATE,
) -> NewCredential:
    """Returns a request for a credential for a tenant, or for several."""
    tenant_id = "acme" if terms.tenants == ("acme",) else ""
    return NewCredential(tenant_id, kind, subject, terms)


@pytest.fixture
async def credentials(engine: AsyncEngine, database: Database) -> Credentials:
    """Credentials in an installation with the tenants `acme` and `brand`."""
    connection = await database.connect()
    await connection.execute(
        "INSERT INTO tenants (tenant_id, epoch, create_time)"
        " VALUES ('acme', 1, now()), ('brand', 1, now())"
    )
    return Credentials(engine, lambda: NOW, clock_skew_seconds=SKEW_SECONDS)


async def known_to(engine: AsyncEngine, kind: CredentialKind, subject: str) -> str | None:
    """Returns the id of the credential by which callers are believed, as servers read it."""
    reader = CredentialReader(engine, lambda: NOW, token_seconds_max=3_600)
    grant = (await reader.read()).find(kind, subject)
    return None if grant is None else grant.credential_id


async def test_a_new_credential_counts_and_is_on_record(
    credentials: Credentials, engine: AsyncEngine
) -> None:
    made = (await credentials.create(ACT, asked(), ADMIN)).credential

    assert (made.terms, made.state, made.revision) == (TERMS, CredentialState.ACTIVE, 1)
    assert (made.author, made.create_time) == ("ada", NOW)
    assert await credentials.get("acme", made.credential_id, ADMIN) == made
    assert await known_to(engine, made.kind, made.subject) == made.credential_id
    (record,) = await AuditReader(engine).records(AuditFilter("acme"), before=None, limit=9)
    assert record.resource.resource_id == made.credential_id
    assert record.after is not None
    assert record.after["roles"] == ["consumer", "a_level"]


async def test_the_same_request_makes_one_credential(credentials: Credentials) -> None:
    first = await credentials.create(ACT, asked(), ADMIN)

    assert await credentials.create(ACT, asked(), ADMIN) == replace(first, replayed=True)
    other = credentials.create(ACT, asked("CN=other"), ADMIN)
    assert await refusal_of(other) == RequestIdTaken("r1")


async def test_a_subject_has_one_credential_until_it_is_revoked(credentials: Credentials) -> None:
    first = (await credentials.create(ACT, asked(), ADMIN)).credential
    again = credentials.create(replace(ACT, request_id="r2"), asked(), ADMIN)
    assert await refusal_of(again) == CredentialExists("spiffe://acme/cashier")
    of_tokens = asked(kind=CredentialKind.TOKEN_SUBJECT)
    await credentials.create(replace(ACT, request_id="r3"), of_tokens, ADMIN)

    revoke = replace(ACT, request_id="r4")
    ended = (await credentials.revoke(revoke, first.credential_id, "1", ADMIN)).credential

    assert ended == replace(first, state=CredentialState.REVOKED, revision=2)
    second = (await credentials.create(replace(ACT, request_id="r5"), asked(), ADMIN)).credential
    assert second.credential_id != first.credential_id
    assert await credentials.get("acme", first.credential_id, ADMIN) == ended


async def test_a_revoked_credential_counts_for_nothing_and_stays(
    credentials: Credentials, engine: AsyncEngine
) -> None:
    made = (await credentials.create(ACT, asked(), ADMIN)).credential
    act = replace(ACT, request_id="r2")

    ended = await credentials.revoke(act, made.credential_id, "1", ADMIN)

    assert await known_to(engine, made.kind, made.subject) is None
    assert await credentials.revoke(act, made.credential_id, "1", ADMIN) == replace(
        ended, replayed=True
    )
    change = credentials.update(
        replace(ACT, request_id="r3"), made.credential_id, "2", TERMS, ADMIN
    )
    assert await refusal_of(change) == CredentialRevoked(made.credential_id)


async def test_a_change_replaces_what_a_credential_stands_for(
    credentials: Credentials, engine: AsyncEngine
) -> None:
    made = (await credentials.create(ACT, asked(), ADMIN)).credential
    terms = CredentialTerms(("acme",), ("support",), player_id="p1")
    act = replace(ACT, request_id="r2", actor=Actor("bob", ("admin",)))

    changed = (await credentials.update(act, made.credential_id, "1", terms, ADMIN)).credential

    assert changed == replace(made, terms=terms, revision=2)
    assert await credentials.get("acme", made.credential_id, ADMIN) == changed
    records = await AuditReader(engine).records(AuditFilter("acme"), before=None, limit=9)
    before = {each.resource.revision: each.before and each.before["roles"] for each in records}
    assert before == {1: None, 2: ["consumer", "a_level"]}


@pytest.mark.parametrize(
    ("act", "terms", "granter", "refusal"),
    [
        (ACT, CredentialTerms(("acme",), ("owner",)), ADMIN, GrantNotAllowed("owner")),
        (WIDE, CredentialTerms(("acme", "brand"), ("support",)), ADMIN, TenantNotAllowed()),
        (WIDE, CredentialTerms(("acme", "club"), ("support",)), ANYBODY, TenantNotFound("club")),
    ],
)
async def test_a_refused_grant_is_on_record_and_changes_nothing(
    credentials: Credentials,
    engine: AsyncEngine,
    act: Act,
    terms: CredentialTerms,
    granter: Granter,
    refusal: Refusal,
) -> None:
    assert await refusal_of(credentials.create(act, asked(terms=terms), granter)) == refusal

    (record,) = await AuditReader(engine).records(AuditFilter(act.tenant_id), before=None, limit=9)
    assert (record.outcome, record.request_id) == (AuditOutcome.REFUSED, "r1")
    assert record.refusal is not None
    assert record.refusal["reason"] == refusal.reason
    assert await known_to(engine, CredentialKind.CERTIFICATE, asked().subject) is None


async def test_credentials_are_seen_where_they_are_for(credentials: Credentials) -> None:
    made: list[Credential] = []
    for number, tenants in enumerate((("acme",), ("acme", "brand"), ("*",))):
        request = asked(f"CN={number}", terms=CredentialTerms(tenants, ("support",)))
        act = replace(ACT, tenant_id=request.tenant_id, request_id=f"r{number}")
        made.append((await credentials.create(act, request, ANYBODY)).credential)
    own, two, every = made

    assert await credentials.page("acme", ADMIN, after="", limit=9) == [own]
    assert await credentials.page("brand", ANYBODY, after="", limit=9) == []
    wide = await credentials.page("", ANYBODY, after="", limit=9)
    assert wide == sorted([two, every], key=lambda each: each.credential_id)
    rest = await credentials.page("", ANYBODY, after=wide[0].credential_id, limit=9)
    assert rest == [wide[1]]
    assert await credentials.get("", two.credential_id, TWO) == two
    for tenant_id, each, granter in (("acme", two, TWO), ("", every, TWO), ("brand", own, TWO)):
        hidden = credentials.get(tenant_id, each.credential_id, granter)
        assert await refusal_of(hidden) == CredentialNotFound(each.credential_id)
    assert await refusal_of(credentials.page("", TWO, after="", limit=9)) == TenantNotAllowed()
    unknown = credentials.page("nobody", ANYBODY, after="", limit=9)
    assert await refusal_of(unknown) == TenantNotFound("nobody")


async def test_tokens_end_for_servers_that_read_revocations(
    credentials: Credentials, engine: AsyncEngine
) -> None:
    reader = CredentialReader(engine, lambda: NOW, token_seconds_max=3_600)

    one, _ = await credentials.revoke_tokens(WIDE, ANYBODY, token_id="t1")
    act = replace(WIDE, request_id="r2")
    all_of, _ = await credentials.revoke_tokens(act, ANYBODY, subject="ada")
    act = replace(WIDE, request_id="r3")
    older, _ = await credentials.revoke_tokens(
        act, ANYBODY, subject="bob", issued_before=NOW - timedelta(minutes=5)
    )

    assert (one.token_id, older.create_time) == ("t1", NOW)
    book = await reader.read()
    minute = timedelta(minutes=1)
    assert book.is_revoked("t1", "whoever", NOW)
    assert not book.is_revoked("t2", "whoever", NOW)
    assert book.is_revoked("t2", "ada", NOW - minute)
    assert not book.is_revoked("t2", "ada", all_of.issued_before)
    assert book.is_revoked("t2", "bob", NOW - 6 * minute)
    assert not book.is_revoked("t2", "bob", NOW - minute)


async def test_tokens_that_were_issued_by_a_clock_that_is_ahead_end_too(
    credentials: Credentials, engine: AsyncEngine
) -> None:
    """Such a token is believed at once, and says that it was issued after it was revoked."""
    made, _ = await credentials.revoke_tokens(WIDE, ANYBODY, subject="ada")

    book = await CredentialReader(engine, lambda: NOW, token_seconds_max=3_600).read()

    skew = timedelta(seconds=SKEW_SECONDS)
    assert (made.create_time, made.issued_before) == (NOW, NOW + skew)
    assert book.is_revoked("t1", "ada", NOW + skew - timedelta(microseconds=1))
    assert not book.is_revoked("t1", "ada", NOW + skew)


async def test_tokens_end_once_and_only_by_callers_for_all_tenants(
    credentials: Credentials, database: Database
) -> None:
    first, _ = await credentials.revoke_tokens(WIDE, ANYBODY, token_id="t1")

    assert await credentials.revoke_tokens(WIDE, ANYBODY, token_id="t1") == (first, True)
    refused = credentials.revoke_tokens(replace(WIDE, request_id="r2"), TWO, token_id="t2")
    assert await refusal_of(refused) == TenantNotAllowed()
    connection = await database.connect()
    assert await connection.fetchval("SELECT count(*) FROM revocations") == 1


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE revocations SET value = 't2' WHERE value = 't1'",
        "UPDATE revocations SET kind = 'SUBJECT' WHERE value = 't1'",
        "UPDATE revocations SET kind = 'TOKEN_ID' WHERE value = 'ada'",
    ],
)
async def test_a_revocation_that_is_taken_back_by_hand_is_found(
    credentials: Credentials, database: Database, alteration: str
) -> None:
    """Else the tokens would count again, and nothing would tell of it."""
    await credentials.revoke_tokens(WIDE, ANYBODY, token_id="t1")
    await credentials.revoke_tokens(replace(WIDE, request_id="r2"), ANYBODY, subject="ada")
    before: list[Difference] = []
    await verify(database.server_url, VerificationScope(), before.append)
    await database.tamper(alteration)

    found: list[Difference] = []
    await verify(database.server_url, VerificationScope(), found.append)

    new = [each for each in found if each not in before]
    assert {(each.check, each.subject.split()[0]) for each in new} == {
        (Check.AUDIT_RECORD, "REVOCATION")
    }
