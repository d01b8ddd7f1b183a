"""The client manages tenants and credentials, and reads what is on record."""

import pytest

from tests.servers import RunningServer
from wallet.v1 import audit_queries_pb2 as audit
from wallet.v1 import tenant_admin_pb2 as tenants
from wallet.v1.tenant_pb2 import CREDENTIAL_KIND_CERTIFICATE, TenantSettings
from wallet_client import DeclinedError, NotFoundError, WalletClient

CLUB = TenantSettings(display_name="Club")


async def test_a_tenant_and_its_credentials_from_first_to_last(server: RunningServer) -> None:
    async with WalletClient(server.target) as wallets:
        olga = wallets.acting_as("olga", roles=["owner"])
        made = await olga.create_tenant(
            tenants.CreateTenantRequest(tenant_id="club", settings=CLUB)
        )
        credential = (
            await olga.create_credential(
                tenants.CreateCredentialRequest(
                    tenant_id="club",
                    kind=CREDENTIAL_KIND_CERTIFICATE,
                    subject="CN=club",
                    roles=["cashier"],
                )
            )
        ).credential
        changed = await olga.update_credential(
            tenants.UpdateCredentialRequest(
                tenant_id="club",
                credential_id=credential.credential_id,
                etag=credential.etag,
                roles=["support"],
            )
        )
        await olga.revoke_credential(
            tenants.RevokeCredentialRequest(
                tenant_id="club",
                credential_id=credential.credential_id,
                etag=changed.credential.etag,
            )
        )
        listed = await olga.list_audit_records(
            audit.ListAuditRecordsRequest(tenant_id="club", actor="olga")
        )

    assert made.tenant.settings == CLUB
    assert [record.method.partition(".")[2] for record in listed.records] == [
        *("RevokeCredential", "UpdateCredential", "CreateCredential"),
        "CreateTenant",
    ]
    assert len({record.request_id for record in listed.records}) == 4


async def test_reads_and_their_refusals(server: RunningServer) -> None:
    async with WalletClient(server.target) as wallets:
        listed = await wallets.list_tenants(tenants.ListTenantsRequest())
        providers = await wallets.list_providers(tenants.ListProvidersRequest(tenant_id="demo"))
        found = await wallets.get_tenant(tenants.GetTenantRequest(tenant_id="demo"))
        credentials = await wallets.list_credentials(tenants.ListCredentialsRequest())
        with pytest.raises(NotFoundError) as unknown:
            await wallets.get_credential(tenants.GetCredentialRequest(credential_id="0" * 32))
        with pytest.raises(NotFoundError) as headless:
            await wallets.get_chain_head(audit.GetChainHeadRequest(chain=9))
        with pytest.raises(DeclinedError) as alone:
            await wallets.create_tenant(
                tenants.CreateTenantRequest(
                    tenant_id="club", settings=TenantSettings(single_handed=True)
                )
            )
        ended = await wallets.revoke_tokens(tenants.RevokeTokensRequest(subject="mallory"))
        renamed = await wallets.update_tenant(
            tenants.UpdateTenantRequest(tenant_id="demo", etag="1", settings=CLUB)
        )

    assert [each.tenant_id for each in listed.tenants] == ["demo"]
    assert listed.tenants[0] == found.tenant
    assert providers.providers[0].provider_id == "acme-sports"
    assert not credentials.credentials
    assert unknown.value.reason == "CREDENTIAL_NOT_FOUND"
    assert headless.value.reason == "CHAIN_HEAD_NOT_FOUND"
    assert alone.value.reason == "SINGLE_HANDED_NOT_ALLOWED"
    assert ended.revocation.subject == "mallory"
    assert renamed.tenant.etag == "2"
