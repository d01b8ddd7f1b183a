"""Requests about tenants and credentials, as values."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from google.protobuf.timestamp_pb2 import Timestamp

from wallet.v1 import tenant_admin_pb2 as pb
from wallet.v1 import tenant_pb2
from wallet_server.core.access.credential import CredentialKind
from wallet_server.core.administration.credential import CredentialTerms
from wallet_server.core.administration.credentials import NewCredential
from wallet_server.core.administration.tenant import TenantSettings
from wallet_server.rpc.decode.values import time, values_by_number

KINDS = values_by_number(CredentialKind, tenant_pb2.CredentialKind, prefix="CREDENTIAL_KIND")


class TermsRequest(Protocol):
    """What requests have that say what a credential stands for."""

    @property
    def tenant_id(self) -> str: ...
    @property
    def tenants(self) -> Iterable[str]: ...
    @property
    def roles(self) -> Iterable[str]: ...
    @property
    def player_id(self) -> str: ...
    @property
    def may_vouch(self) -> bool: ...
    @property
    def expire_time(self) -> Timestamp: ...


def tenant_settings(message: tenant_pb2.TenantSettings) -> TenantSettings:
    """Decodes what is set for a tenant."""
    return TenantSettings(message.display_name, message.single_handed)


def new_credential(request: pb.CreateCredentialRequest) -> NewCredential:
    """Decodes which credential is to be made."""
    return NewCredential(
        tenant_id=request.tenant_id,
        kind=KINDS[request.kind],
        subject=request.subject,
        terms=credential_terms(request, has_end=request.HasField("expire_time")),
    )


def credential_terms(request: TermsRequest, *, has_end: bool) -> CredentialTerms:
    """Decodes what a credential is to stand for. One for a tenant names it, and no others."""
    own = (request.tenant_id,) if request.tenant_id else ()
    return CredentialTerms(
        tenants=(*own, *sorted(request.tenants)),
        roles=tuple(sorted(request.roles)),
        player_id=request.player_id,
        may_vouch=request.may_vouch,
        expire_time=time(request.expire_time) if has_end else None,
    )


def issued_before(request: pb.RevokeTokensRequest) -> datetime | None:
    """Decodes before when a subject's tokens were issued; none for now, and of a single token."""
    is_said = request.HasField("issued_before_time") and bool(request.subject)
    return time(request.issued_before_time) if is_said else None
