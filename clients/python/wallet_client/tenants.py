"""The client's methods about tenants, credentials and audit records."""

import grpc.aio

from wallet.v1 import audit_queries_pb2 as audit
from wallet.v1 import tenant_admin_pb2 as tenants
from wallet.v1.audit_queries_pb2_grpc import AuditQueriesStub
from wallet.v1.tenant_admin_pb2_grpc import TenantAdminStub
from wallet_client.calls import Calls, Token
from wallet_client.retry import RetryPolicy


class TenantCalls(Calls):
    """Manages tenants and credentials, and reads what is on record.

    An act without a `request_id` gets one.
    """

    def __init__(
        self, channel: grpc.aio.Channel, policy: RetryPolicy, token: Token | None = None
    ) -> None:
        """Uses the channel, and sends the token with every call."""
        super().__init__(channel, policy, token)
        self._tenants = TenantAdminStub(channel)
        self._audit = AuditQueriesStub(channel)

    async def create_tenant(
        self, request: tenants.CreateTenantRequest
    ) -> tenants.CreateTenantResponse:
        """Makes a tenant."""
        return await self._command(self._tenants.CreateTenant, request)

    async def update_tenant(
        self, request: tenants.UpdateTenantRequest
    ) -> tenants.UpdateTenantResponse:
        """Replaces the settings of a tenant."""
        return await self._command(self._tenants.UpdateTenant, request)

    async def create_credential(
        self, request: tenants.CreateCredentialRequest
    ) -> tenants.CreateCredentialResponse:
        """Says what a certificate, or a subject of tokens, stands for."""
        return await self._command(self._tenants.CreateCredential, request)

    async def update_credential(
        self, request: tenants.UpdateCredentialRequest
    ) -> tenants.UpdateCredentialResponse:
        """Replaces what a credential stands for."""
        return await self._command(self._tenants.UpdateCredential, request)

    async def revoke_credential(
        self, request: tenants.RevokeCredentialRequest
    ) -> tenants.RevokeCredentialResponse:
        """Ends a credential for good."""
        return await self._command(self._tenants.RevokeCredential, request)

    async def revoke_tokens(
        self, request: tenants.RevokeTokensRequest
    ) -> tenants.RevokeTokensResponse:
        """Ends tokens before their time."""
        return await self._command(self._tenants.RevokeTokens, request)

    async def get_tenant(self, request: tenants.GetTenantRequest) -> tenants.GetTenantResponse:
        """Reads a tenant."""
        return await self._read(self._tenants.GetTenant, request)

    async def list_tenants(
        self, request: tenants.ListTenantsRequest
    ) -> tenants.ListTenantsResponse:
        """Reads one page of the tenants that the caller may name."""
        return await self._read(self._tenants.ListTenants, request)

    async def list_providers(
        self, request: tenants.ListProvidersRequest
    ) -> tenants.ListProvidersResponse:
        """Reads one page of a tenant's providers."""
        return await self._read(self._tenants.ListProviders, request)

    async def get_credential(
        self, request: tenants.GetCredentialRequest
    ) -> tenants.GetCredentialResponse:
        """Reads a credential."""
        return await self._read(self._tenants.GetCredential, request)

    async def list_credentials(
        self, request: tenants.ListCredentialsRequest
    ) -> tenants.ListCredentialsResponse:
        """Reads one page of credentials."""
        return await self._read(self._tenants.ListCredentials, request)

    async def list_audit_records(
        self, request: audit.ListAuditRecordsRequest
    ) -> audit.ListAuditRecordsResponse:
        """Reads one page of audit records."""
        return await self._read(self._audit.ListAuditRecords, request)

    async def get_chain_head(
        self, request: audit.GetChainHeadRequest
    ) -> audit.GetChainHeadResponse:
        """Reads the head of a chain."""
        return await self._read(self._audit.GetChainHead, request)
