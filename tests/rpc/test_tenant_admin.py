"""Tenants and credentials, over a real socket and by callers who prove who they are."""

from typing import Any

import grpc
import pytest

from tests.callers import token_for
from tests.rpc.tenancy import ADMIN, AUDITOR, OWNER, SUPPORT, Desk
from wallet.v1 import audit_pb2
from wallet.v1 import tenant_pb2 as pb

CERTIFICATE, TOKEN = pb.CREDENTIAL_KIND_CERTIFICATE, pb.CREDENTIAL_KIND_TOKEN_SUBJECT
ACTIVE, REVOKED = pb.CREDENTIAL_STATE_ACTIVE, pb.CREDENTIAL_STATE_REVOKED
CASHIER: dict[str, Any] = {
    "tenant_id": "demo",
    "kind": CERTIFICATE,
    "subject": "spiffe://demo/cashier",
    "roles": ["cashier"],
}
CLERK = token_for("admin", subject="1f2e", person="ada")
READER: dict[str, Any] = {**CASHIER, "subject": "spiffe://demo/reports", "roles": ["finance"]}
MANAGER: dict[str, Any] = {**CASHIER, "subject": "CN=mia", "roles": ["manager"]}
OF_BOTH = token_for("owner", subject="bea", tenants=("demo", "other"))


def ids(listed: Any) -> list[str]:
    return [each.tenant_id for each in listed]


# --- Tenants


async def test_a_tenant_is_made_changed_and_read(desk: Desk) -> None:
    settings = pb.TenantSettings(display_name="Club")
    made = await desk.ask("CreateTenant", tenant_id="club", settings=settings, reason="New.")

    assert (made.tenant.tenant_id, made.tenant.settings, made.tenant.etag) == (
        *("club", settings),
        "1",
    )
    assert not made.tenant.is_configured
    assert (await desk.ask("GetTenant", tenant_id="club")).tenant == made.tenant

    renamed = pb.TenantSettings(display_name="Club 7")
    request: dict[str, Any] = {
        "tenant_id": "club",
        "etag": "1",
        "settings": renamed,
        "request_id": "x",
    }
    changed = await desk.ask("UpdateTenant", **request)

    assert (changed.tenant.settings, changed.tenant.etag, changed.replayed) == (renamed, "2", False)
    again = await desk.ask("UpdateTenant", **request)
    assert (again.tenant, again.replayed) == (changed.tenant, True)
    late = await desk.refused("UpdateTenant", **{**request, "request_id": "y"})
    assert (late.code, late.reason) == (grpc.StatusCode.ABORTED, "ETAG_MISMATCH")
    assert late.metadata == {"resource": "tenant club", "etag": "1", "current": "2"}


async def test_what_is_only_validated_changes_nothing(desk: Desk) -> None:
    request: dict[str, Any] = {"tenant_id": "club", "settings": pb.TenantSettings()}
    request["validate_only"] = True

    assert (await desk.ask("CreateTenant", **request)).tenant.etag == "1"

    assert await desk.reason("GetTenant", tenant_id="club") == "TENANT_NOT_FOUND"
    assert await desk.records(tenant_id="", token=OWNER) == []


async def test_four_eyes_cannot_be_taken_from_a_tenant(desk: Desk) -> None:
    alone = pb.TenantSettings(single_handed=True)
    refused = await desk.refused("CreateTenant", tenant_id="club", settings=alone)
    assert refused.code is grpc.StatusCode.FAILED_PRECONDITION
    assert refused.reason == "SINGLE_HANDED_NOT_ALLOWED"

    demo = (await desk.ask("GetTenant", tenant_id="demo")).tenant
    assert demo.settings.single_handed
    both = pb.TenantSettings(single_handed=False)
    after = await desk.ask("UpdateTenant", tenant_id="demo", etag=demo.etag, settings=both)
    back: dict[str, Any] = {"tenant_id": "demo", "etag": after.tenant.etag, "settings": alone}

    for request in (back, {**back, "validate_only": True}):
        for token in (OWNER, ADMIN):
            assert await desk.reason("UpdateTenant", token, **request) == (
                "SINGLE_HANDED_NOT_ALLOWED"
            )
    assert not (await desk.ask("GetTenant", tenant_id="demo")).tenant.settings.single_handed


async def test_tenants_are_listed_page_by_page_and_others_stay_hidden(desk: Desk) -> None:
    await desk.ask("CreateTenant", tenant_id="club", settings=pb.TenantSettings())

    first = await desk.ask("ListTenants", page_size=2)
    second = await desk.ask("ListTenants", page_size=2, page_token=first.next_page_token)

    assert ids(first.tenants) == ["club", "demo"]
    assert ids(second.tenants) == ["other"]
    assert [each.is_configured for each in (*first.tenants, *second.tenants)] == [
        *(False, True),
        True,
    ]
    assert second.next_page_token == ""
    assert ids((await desk.ask("ListTenants", ADMIN)).tenants) == ["demo"]
    stolen: dict[str, Any] = {"page_size": 2, "page_token": first.next_page_token}
    assert ids((await desk.ask("ListTenants", ADMIN, **stolen)).tenants) == []
    other = await desk.reason("GetTenant", SUPPORT, tenant_id="other")
    assert other == "TENANT_NOT_ALLOWED"


async def test_providers_are_listed_with_what_they_play_by(desk: Desk) -> None:
    first = await desk.ask("ListProviders", SUPPORT, tenant_id="demo", page_size=1)
    rest = await desk.ask(
        "ListProviders",
        SUPPORT,
        tenant_id="demo",
        page_size=9,
        page_token=first.next_page_token,
    )

    assert first.providers[0] == pb.Provider(
        provider_id="acme-sports", provider_type="SPORTS", profile_version=1, policy_version=1
    )
    assert [each.provider_id for each in rest.providers] == ["lucky-slots", "royal-live"]
    assert rest.next_page_token == ""


# --- Credentials


def named(credential: pb.Credential) -> dict[str, str]:
    return {"tenant_id": credential.tenant_id, "credential_id": credential.credential_id}


async def test_a_credential_is_made_changed_read_and_revoked(desk: Desk) -> None:
    made = (await desk.ask("CreateCredential", ADMIN, **READER)).credential
    assert (made.tenant_id, made.tenants, made.roles) == ("demo", ["demo"], ["finance"])
    assert (made.state, made.etag, made.author) == (ACTIVE, "1", "ada")
    name = {"tenant_id": "demo", "credential_id": made.credential_id}

    changed = (
        await desk.ask("UpdateCredential", ADMIN, **name, etag="1", roles=["support", "level_2"])
    ).credential
    assert (changed.roles, changed.etag) == (["level_2", "support"], "2")
    assert (await desk.ask("GetCredential", ADMIN, **name)).credential == changed

    ended = (await desk.ask("RevokeCredential", ADMIN, **name, etag="2")).credential
    assert (ended.state, ended.roles) == (REVOKED, changed.roles)
    assert (await desk.ask("ListCredentials", ADMIN, tenant_id="demo")).credentials == [ended]
    assert await desk.reason("RevokeCredential", ADMIN, **name, etag="3") == "CREDENTIAL_REVOKED"


@pytest.mark.parametrize(
    ("token", "change", "code", "reason"),
    [
        (ADMIN, {"roles": ["owner"]}, "PERMISSION_DENIED", "GRANT_NOT_ALLOWED"),
        (ADMIN, {"roles": ["admin"], "subject": "ada-again"}, "PERMISSION_DENIED", "GRANT_NOT_ALLOWED"),
        (ADMIN, {"roles": ["support"], "may_vouch": True}, "PERMISSION_DENIED", "GRANT_NOT_ALLOWED"),
        (ADMIN, {}, "PERMISSION_DENIED", "GRANT_NOT_ALLOWED"),
        (ADMIN, {"subject": "ada", "kind": TOKEN}, "PERMISSION_DENIED", "GRANT_NOT_ALLOWED"),
        (ADMIN, {"subject": "ada", "kind": TOKEN, "roles": ["auditor"]}, "PERMISSION_DENIED", "OWN_CREDENTIAL"),
        (ADMIN, {"subject": "CN=Ada", "roles": ["auditor"]}, "PERMISSION_DENIED", "OWN_CREDENTIAL"),
        (CLERK, {"subject": "ada", "kind": TOKEN, "roles": ["auditor"]}, "PERMISSION_DENIED", "OWN_CREDENTIAL"),
        (ADMIN, {"tenant_id": "other"}, "PERMISSION_DENIED", "TENANT_NOT_ALLOWED"),
        (ADMIN, {"tenant_id": "", "tenants": ["*"]}, "PERMISSION_DENIED", "TENANT_NOT_ALLOWED"),
        (OF_BOTH, {"tenant_id": "", "tenants": ["*"]}, "PERMISSION_DENIED", "TENANT_NOT_ALLOWED"),
        (SUPPORT, {}, "PERMISSION_DENIED", "PERMISSION_MISSING"),
        (OWNER, {"tenants": ["other"]}, "INVALID_ARGUMENT", "CREDENTIAL_TENANTS_UNFIT"),
        (OWNER, {"tenant_id": "", "tenants": ["demo"]}, "INVALID_ARGUMENT", "CREDENTIAL_TENANTS_UNFIT"),
        (OWNER, {"tenant_id": "nobody"}, "NOT_FOUND", "TENANT_NOT_FOUND"),
        (OWNER, {"expire_time": {"seconds": 1}}, "INVALID_ARGUMENT", "EXPIRE_TIME_PASSED"),
    ],
)  # fmt: skip
async def test_nobody_grants_more_than_they_may(
    desk: Desk, token: str, change: dict[str, Any], code: str, reason: str
) -> None:
    refused = await desk.refused("CreateCredential", token, **{**CASHIER, **change})

    assert (refused.code.name, refused.reason) == (code, reason)


async def test_a_refusal_tells_nothing_of_another_tenants_credential(desk: Desk) -> None:
    other: dict[str, Any] = {**CASHIER, "tenant_id": "other"}
    made = (await desk.ask("CreateCredential", **other)).credential

    taken = await desk.refused("CreateCredential", ADMIN, **{**CASHIER, "roles": ["support"]})
    assert taken.code is grpc.StatusCode.ALREADY_EXISTS
    assert taken.metadata == {"subject": "spiffe://demo/cashier"}
    named = {"tenant_id": "demo", "credential_id": made.credential_id}
    hidden = await desk.refused("GetCredential", ADMIN, **named)
    never = await desk.refused("GetCredential", ADMIN, **{**named, "credential_id": "0" * 32})
    assert hidden.reason == never.reason == "CREDENTIAL_NOT_FOUND"
    assert (await desk.ask("ListCredentials", ADMIN, tenant_id="demo")).credentials == []
    listed = await desk.reason("ListCredentials", ADMIN, tenant_id="")
    assert listed == "TENANT_NOT_ALLOWED"


async def test_credentials_are_listed_page_by_page(desk: Desk) -> None:
    for number in range(3):
        await desk.ask("CreateCredential", **{**CASHIER, "subject": f"CN={number}"})
    wide: dict[str, Any] = {**CASHIER, "tenant_id": "", "tenants": ["demo", "other"], "kind": TOKEN}
    shared = (await desk.ask("CreateCredential", **wide)).credential

    first = await desk.ask("ListCredentials", tenant_id="demo", page_size=2)
    second = await desk.ask(
        "ListCredentials", tenant_id="demo", page_size=2, page_token=first.next_page_token
    )

    found = [each.credential_id for each in (*first.credentials, *second.credentials)]
    assert found == sorted(set(found))
    assert len(found) == 3
    assert second.next_page_token == ""
    assert (await desk.ask("ListCredentials", tenant_id="")).credentials == [shared]
    assert (shared.tenant_id, shared.tenants) == ("", ["demo", "other"])


async def test_an_admin_ends_what_only_an_owner_lets_in(desk: Desk) -> None:
    """A key that was stolen cannot wait for an owner."""
    till = (await desk.ask("CreateCredential", **CASHIER)).credential
    mia = (await desk.ask("CreateCredential", **MANAGER)).credential

    ended = await desk.ask("RevokeCredential", ADMIN, **named(till), etag="1")
    kept = await desk.reason("RevokeCredential", ADMIN, **named(mia), etag="1")

    assert (ended.credential.state, kept) == (REVOKED, "GRANT_NOT_ALLOWED")


async def test_nobody_but_an_owner_changes_what_their_own_name_stands_for(desk: Desk) -> None:
    """`ada` calls by a token that says what she may do, and so not by this one."""
    ada = (await desk.ask("CreateCredential", **{**READER, "subject": "CN=ada"})).credential
    change: dict[str, Any] = {**named(ada), "etag": "1", "roles": ["auditor"]}

    refused = await desk.reason("UpdateCredential", ADMIN, **change)
    changed = await desk.ask("UpdateCredential", token_for("owner", subject="ada"), **change)

    assert refused == "OWN_CREDENTIAL"
    assert changed.credential.roles == ["auditor"]


# --- Tokens


async def test_tokens_are_revoked_by_callers_for_all_tenants(desk: Desk) -> None:
    one = await desk.ask("RevokeTokens", token_id="t1", request_id="x")
    assert (one.revocation.token_id, one.revocation.subject) == ("t1", "")
    again = await desk.ask("RevokeTokens", token_id="t1", request_id="x")
    assert (again.revocation, again.replayed) == (one.revocation, True)

    many = await desk.ask(
        "RevokeTokens", subject="mallory", issued_before_time={"seconds": 1_700_000_000}
    )
    assert many.revocation.issued_before_time.seconds == 1_700_000_000

    assert await desk.reason("RevokeTokens", ADMIN, token_id="t2") == "TENANT_NOT_ALLOWED"
    assert await desk.reason("RevokeTokens", OF_BOTH, subject="otto") == "TENANT_NOT_ALLOWED"
    for token_id in ("t1", "t9"):
        probed = {"request_id": "x", "token_id": token_id}
        assert await desk.reason("RevokeTokens", ADMIN, **probed) == "TENANT_NOT_ALLOWED"


async def test_all_tokens_of_a_subject_are_ended_by_owners_as_they_may_be_an_owners(
    desk: Desk,
) -> None:
    """Whoever may not end an owner's credential cannot shut an owner out by their tokens either."""
    wide = token_for("admin", subject="ada", tenants=("*",))
    for_ever = {"subject": "olga", "issued_before_time": {"seconds": 32_503_680_000}}

    one = await desk.ask("RevokeTokens", wide, token_id="t1")
    refused = await desk.refused("RevokeTokens", wide, **for_ever)
    [record] = [
        each
        for each in await desk.records()
        if each.method == "TenantAdmin.RevokeTokens" and each.refusal_reason
    ]

    assert one.revocation.token_id == "t1"
    assert (refused.reason, refused.metadata) == ("GRANT_NOT_ALLOWED", {"granted": "owner"})
    assert (record.actor, record.refusal_reason) == ("ada", "GRANT_NOT_ALLOWED")
    assert (await desk.ask("ListTenants", token_for("owner", subject="olga"))).tenants


# --- On record


async def test_every_act_is_on_record_with_who_why_and_what_changed(desk: Desk) -> None:
    made = (
        await desk.ask("CreateCredential", ADMIN, **READER, reason="A till.", correlation_id="k1")
    ).credential
    name = {"tenant_id": "demo", "credential_id": made.credential_id}
    await desk.ask("UpdateCredential", **name, etag="1", roles=["support"])

    first, second = await desk.records(
        AUDITOR, tenant_id="demo", resource_kind=audit_pb2.AUDIT_RESOURCE_KIND_CREDENTIAL
    )

    assert (first.actor, list(first.actor_roles)) == ("ada", ["admin"])
    assert (first.method, first.reason) == ("TenantAdmin.CreateCredential", "A till.")
    assert first.correlation_id == "k1"
    assert first.peer.startswith("ipv4:127.0.0.1:")
    assert first.resource == audit_pb2.AuditResource(
        kind=audit_pb2.AUDIT_RESOURCE_KIND_CREDENTIAL,
        resource_id=made.credential_id,
        revision=1,
    )
    assert first.before_json == ""
    assert second.before_json == first.after_json
    assert '"roles":["support"]' in second.after_json
    assert (second.actor, second.resource.revision) == ("olga", 2)
