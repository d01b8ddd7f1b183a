"""Refusals about tenants and credentials, and of reads of the chain."""

from wallet_server.core.refusals.access import Denied
from wallet_server.core.refusals.administration import Unready
from wallet_server.core.refusals.kinds import Invalid, NotFound
from wallet_server.core.value import value


@value
class TenantNotConfigured(Unready):
    """The tenant has no active topology, or no active wallet policy, yet."""

    reason = "TENANT_NOT_CONFIGURED"
    message = "tenant {tenant_id} has no active topology and wallet policy yet"

    tenant_id: str


@value
class SingleHandedNotAllowed(Unready):
    """Four eyes cannot be given up: else one person could take them from all that needs them."""

    reason = "SINGLE_HANDED_NOT_ALLOWED"
    message = "tenant {tenant_id} cannot be made single-handed"

    tenant_id: str


@value
class CredentialRevoked(Unready):
    """The credential was ended for good."""

    reason = "CREDENTIAL_REVOKED"
    message = "credential {credential_id} was revoked"

    credential_id: str


@value
class CredentialTenantsUnfit(Invalid):
    """A credential is for the one tenant of its request, or else for several, or for all."""

    reason = "CREDENTIAL_TENANTS_UNFIT"
    message = "name one tenant as tenant_id alone, and several, or *, as tenants alone"


@value
class ExpireTimePassed(Invalid):
    """A credential can only end at a time to come."""

    reason = "EXPIRE_TIME_PASSED"
    message = "the expire time {expire_time} lies not ahead"

    expire_time: str


@value
class GrantNotAllowed(Denied):
    """Nobody gives, or takes away, more than they may give."""

    reason = "GRANT_NOT_ALLOWED"
    message = "the caller may not grant {granted}"

    granted: str


@value
class OwnCredential(Denied):
    """Nobody changes what they call by, and none but owners what is of their own name."""

    reason = "OWN_CREDENTIAL"
    message = "the credential of {subject} is the caller's own"

    credential_id: str
    subject: str


@value
class ChainHeadNotFound(NotFound):
    """Nothing is sealed in the chain yet."""

    reason = "CHAIN_HEAD_NOT_FOUND"
    message = "nothing is sealed in chain {chain} yet"

    chain: int
