"""Tenants, credentials and revocations as messages."""

from wallet.v1 import tenant_pb2 as pb
from wallet_server.core.access.credential import CredentialKind
from wallet_server.core.administration.credential import Credential, CredentialState
from wallet_server.core.administration.revocation import Revocation
from wallet_server.core.administration.tenant import Provider
from wallet_server.execution.administration.tenants import TenantView
from wallet_server.rpc.encode.values import numbers, timestamp

KINDS = numbers(CredentialKind, pb.CredentialKind, prefix="CREDENTIAL_KIND")
STATES = numbers(CredentialState, pb.CredentialState, prefix="CREDENTIAL_STATE")


def encode_tenant(view: TenantView) -> pb.Tenant:
    """Returns a tenant as a message."""
    tenant, settings = view.tenant, view.tenant.settings
    return pb.Tenant(
        tenant_id=tenant.tenant_id,
        settings=pb.TenantSettings(
            display_name=settings.display_name, single_handed=settings.single_handed
        ),
        etag=str(tenant.revision),
        is_configured=view.is_configured,
        create_time=timestamp(tenant.create_time),
    )


def encode_provider(provider: Provider) -> pb.Provider:
    """Returns a provider as a message."""
    return pb.Provider(
        provider_id=provider.provider_id,
        provider_type=provider.provider_type,
        profile_version=provider.profile_version,
        policy_version=provider.policy_version,
    )


def encode_credential(credential: Credential) -> pb.Credential:
    """Returns a credential as a message."""
    terms = credential.terms
    return pb.Credential(
        credential_id=credential.credential_id,
        tenant_id=credential.tenant_id,
        kind=KINDS[credential.kind],
        subject=credential.subject,
        tenants=terms.tenants,
        roles=terms.roles,
        player_id=terms.player_id,
        may_vouch=terms.may_vouch,
        state=STATES[credential.state],
        etag=str(credential.revision),
        author=credential.author,
        create_time=timestamp(credential.create_time),
        update_time=timestamp(credential.update_time),
        expire_time=timestamp(terms.expire_time) if terms.expire_time else None,
    )


def encode_revocation(revocation: Revocation) -> pb.Revocation:
    """Returns the end of tokens as a message."""
    return pb.Revocation(
        revocation_id=revocation.revocation_id.hex,
        token_id=revocation.token_id,
        subject=revocation.subject,
        issued_before_time=timestamp(revocation.issued_before),
        create_time=timestamp(revocation.create_time),
    )
