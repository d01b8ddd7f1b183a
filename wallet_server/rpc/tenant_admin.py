"""Tenants and credentials: acts on them, and reads of them."""

from wallet.v1 import tenant_admin_pb2 as pb
from wallet.v1.tenant_admin_pb2_grpc import TenantAdminServicer
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.granting import Granter, granter_of
from wallet_server.rpc.access.caller import caller
from wallet_server.rpc.acts import Acts
from wallet_server.rpc.administration import Administration
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode.tenants import (
    credential_terms,
    issued_before,
    new_credential,
    tenant_settings,
)
from wallet_server.rpc.encode.tenants import (
    encode_credential,
    encode_provider,
    encode_revocation,
    encode_tenant,
)
from wallet_server.rpc.identity import Identity
from wallet_server.rpc.page_token import ListRequest, Pages


class TenantAdmin(TenantAdminServicer):
    """Manages tenants, and by what callers may act for them."""

    def __init__(
        self, administration: Administration, identity: Identity, page_token_secret: bytes
    ) -> None:
        """Takes what carries out acts. The identity tells who asks."""
        self._acts = Acts("TenantAdmin", identity)
        self._identity = identity
        self._tenants = administration.tenants
        self._credentials = administration.credentials
        self._pages: Pages[tuple[str]] = Pages(page_token_secret)

    async def CreateTenant(
        self, request: pb.CreateTenantRequest, context: Context
    ) -> pb.CreateTenantResponse:
        act = self._acts.of(request, context)
        view = await self._tenants.create(act, tenant_settings(request.settings), granting(act))
        return pb.CreateTenantResponse(tenant=encode_tenant(view), replayed=view.replayed)

    async def UpdateTenant(
        self, request: pb.UpdateTenantRequest, context: Context
    ) -> pb.UpdateTenantResponse:
        act, settings = self._acts.of(request, context), tenant_settings(request.settings)
        view = await self._tenants.update(act, request.etag, settings)
        return pb.UpdateTenantResponse(tenant=encode_tenant(view), replayed=view.replayed)

    async def GetTenant(
        self, request: pb.GetTenantRequest, context: Context
    ) -> pb.GetTenantResponse:
        view = await self._tenants.get(request.tenant_id)
        return pb.GetTenantResponse(tenant=encode_tenant(view))

    async def ListTenants(
        self, request: pb.ListTenantsRequest, context: Context
    ) -> pb.ListTenantsResponse:
        rows = await self._tenants.page(
            self._granter(context),
            after=self._after(request),
            limit=self._pages.size(request) + 1,
        )
        page, token = self._pages.cut(request, rows, key_of=lambda row: (row.tenant.tenant_id,))
        return pb.ListTenantsResponse(tenants=map(encode_tenant, page), next_page_token=token)

    async def ListProviders(
        self, request: pb.ListProvidersRequest, context: Context
    ) -> pb.ListProvidersResponse:
        rows = await self._tenants.providers(
            request.tenant_id, after=self._after(request), limit=self._pages.size(request) + 1
        )
        page, token = self._pages.cut(request, rows, key_of=lambda row: (row.provider_id,))
        return pb.ListProvidersResponse(providers=map(encode_provider, page), next_page_token=token)

    async def CreateCredential(
        self, request: pb.CreateCredentialRequest, context: Context
    ) -> pb.CreateCredentialResponse:
        act = self._acts.of(request, context)
        view = await self._credentials.create(act, new_credential(request), granting(act))
        return pb.CreateCredentialResponse(
            credential=encode_credential(view.credential), replayed=view.replayed
        )

    async def UpdateCredential(
        self, request: pb.UpdateCredentialRequest, context: Context
    ) -> pb.UpdateCredentialResponse:
        act = self._acts.of(request, context)
        terms = credential_terms(request, has_end=request.HasField("expire_time"))
        view = await self._credentials.update(
            act, request.credential_id, request.etag, terms, granting(act)
        )
        return pb.UpdateCredentialResponse(
            credential=encode_credential(view.credential), replayed=view.replayed
        )

    async def RevokeCredential(
        self, request: pb.RevokeCredentialRequest, context: Context
    ) -> pb.RevokeCredentialResponse:
        act = self._acts.of(request, context)
        view = await self._credentials.revoke(
            act, request.credential_id, request.etag, granting(act)
        )
        return pb.RevokeCredentialResponse(
            credential=encode_credential(view.credential), replayed=view.replayed
        )

    async def GetCredential(
        self, request: pb.GetCredentialRequest, context: Context
    ) -> pb.GetCredentialResponse:
        found = await self._credentials.get(
            request.tenant_id, request.credential_id, self._granter(context)
        )
        return pb.GetCredentialResponse(credential=encode_credential(found))

    async def ListCredentials(
        self, request: pb.ListCredentialsRequest, context: Context
    ) -> pb.ListCredentialsResponse:
        rows = await self._credentials.page(
            request.tenant_id,
            self._granter(context),
            after=self._after(request),
            limit=self._pages.size(request) + 1,
        )
        page, token = self._pages.cut(request, rows, key_of=lambda row: (row.credential_id,))
        return pb.ListCredentialsResponse(
            credentials=map(encode_credential, page), next_page_token=token
        )

    async def RevokeTokens(
        self, request: pb.RevokeTokensRequest, context: Context
    ) -> pb.RevokeTokensResponse:
        act = self._acts.of(request, context)
        revocation, replayed = await self._credentials.revoke_tokens(
            act,
            granting(act),
            token_id=request.token_id,
            subject=request.subject,
            issued_before=issued_before(request),
        )
        return pb.RevokeTokensResponse(revocation=encode_revocation(revocation), replayed=replayed)

    def _granter(self, context: Context) -> Granter:
        return granter_of(caller(), self._identity.of(context))

    def _after(self, request: ListRequest) -> str:
        after = self._pages.after(request)
        return after[0] if after else ""


def granting(act: Act) -> Granter:
    """Returns who asks for an act, as somebody who grants."""
    return granter_of(caller(), act.actor)
