"""Decides what becomes of credentials.

Refusals come in this order: what the caller may not see, what is no longer there to be changed,
what it has not seen as it is, what makes no sense, and what it may not grant.
"""

from dataclasses import replace
from datetime import UTC, datetime

from wallet_server.core.access.credential import CredentialKind
from wallet_server.core.access.principal import EVERY_TENANT
from wallet_server.core.administration.credential import (
    FIRST_REVISION,
    Credential,
    CredentialState,
    CredentialTerms,
    home_of,
)
from wallet_server.core.administration.granting import (
    Granter,
    is_own,
    why_not_ended,
    why_not_granted,
)
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import EtagMismatch
from wallet_server.core.refusals.tenancy import (
    CredentialRevoked,
    CredentialTenantsUnfit,
    ExpireTimePassed,
    OwnCredential,
)
from wallet_server.core.value import value


@value
class NewCredential:
    """What somebody asks for: a credential for a tenant, or for several where none is named."""

    tenant_id: str
    kind: CredentialKind
    subject: str
    terms: CredentialTerms


def new_credential(
    asked: NewCredential, credential_id: str, granter: Granter, author: str, now: datetime
) -> Credential | Refusal:
    """Returns a credential as it is made."""
    refusal = why_unfit(asked.tenant_id, asked.terms, now) or why_not_granted(granter, asked.terms)
    if refusal is not None:
        return refusal
    if is_own(granter, asked.subject):
        return OwnCredential("", asked.subject)
    return Credential(
        credential_id=credential_id,
        kind=asked.kind,
        subject=asked.subject,
        terms=asked.terms,
        state=CredentialState.ACTIVE,
        revision=FIRST_REVISION,
        author=author,
        create_time=now,
        update_time=now,
    )


def with_terms(
    credential: Credential,
    etag: str,
    terms: CredentialTerms,
    granter: Granter,
    now: datetime,
) -> Credential | Refusal:
    """Returns a credential that stands for something else, in place of all that it stood for."""
    refusal = (
        why_not_changed(credential, etag)
        or why_unfit(credential.tenant_id, terms, now)
        or why_not_granted(granter, credential.terms)
        or why_not_granted(granter, terms)
    )
    if refusal is not None:
        return refusal
    if credential.credential_id == granter.credential_id or is_own(granter, credential.subject):
        return OwnCredential(credential.credential_id, credential.subject)
    return changed(credential, now, terms=terms)


def revoked(
    credential: Credential, etag: str, granter: Granter, now: datetime
) -> Credential | Refusal:
    """Returns a credential that is worth nothing any more. One may revoke one's own."""
    refusal = why_not_changed(credential, etag) or why_not_ended(granter, credential.terms)
    if refusal is not None:
        return refusal
    return changed(credential, now, state=CredentialState.REVOKED)


def changed(
    credential: Credential,
    now: datetime,
    *,
    terms: CredentialTerms | None = None,
    state: CredentialState | None = None,
) -> Credential:
    """Returns a credential after a change."""
    return replace(
        credential,
        terms=terms or credential.terms,
        state=state or credential.state,
        revision=credential.revision + 1,
        update_time=max(now, credential.update_time),
    )


def why_not_changed(credential: Credential, etag: str) -> Refusal | None:
    """Returns why a credential cannot be changed by somebody who has seen it as of an etag."""
    if credential.state is CredentialState.REVOKED:
        return CredentialRevoked(credential.credential_id)
    current = str(credential.revision)
    if etag != current:
        return EtagMismatch(f"credential {credential.credential_id}", etag, current)
    return None


def why_unfit(tenant_id: str, terms: CredentialTerms, now: datetime) -> Refusal | None:
    """Returns what is wrong with terms for a credential for a tenant, or for several or all."""
    is_mixed = EVERY_TENANT in terms.tenants and len(terms.tenants) > 1
    if is_mixed or not terms.tenants or home_of(terms.tenants) != tenant_id:
        return CredentialTenantsUnfit()
    if terms.expire_time is not None and terms.expire_time <= now:
        return ExpireTimePassed(terms.expire_time.astimezone(UTC).isoformat())
    return None
