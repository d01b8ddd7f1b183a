"""Who may give what to whom, and take it away."""

from collections.abc import Collection

from wallet_server.core.access.permission import Role, may_grant
from wallet_server.core.access.principal import EVERY_TENANT, Principal
from wallet_server.core.administration.credential import CredentialTerms
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.access import TenantNotAllowed
from wallet_server.core.refusals.tenancy import GrantNotAllowed
from wallet_server.core.value import value

MAY_VOUCH = "may_vouch"


@value
class Granter:
    """Somebody who administers credentials: in which roles, and for which tenants.

    The roles are those in which it acts now, which may be fewer than its credential has.
    `credential_id` is what it calls by. `is_trusted` is anybody, on a server that authenticates
    nobody.
    """

    roles: tuple[str, ...]
    tenants: Collection[str]
    credential_id: str = ""
    is_trusted: bool = False

    @property
    def is_for_every_tenant(self) -> bool:
        """Whether there is no tenant that it may not name."""
        return EVERY_TENANT in self.tenants

    def may_name(self, tenants: Collection[str]) -> bool:
        """Tells whether it may name all of some tenants; `EVERY_TENANT` stands for itself."""
        return self.is_for_every_tenant or all(each in self.tenants for each in tenants)


def granter_of(principal: Principal, roles: tuple[str, ...]) -> Granter:
    """Returns a caller as somebody who grants, in the roles in which it acts now."""
    return Granter(roles, principal.tenants, principal.credential_id, principal.is_trusted)


def why_not_granted(granter: Granter, terms: CredentialTerms) -> Refusal | None:
    """Returns why somebody may not give, or take away, what a credential stands for.

    Nobody reaches beyond their own tenants, or grants a role above theirs. Whoever vouches for
    persons can be two of them, and so only an owner lets anybody vouch.
    """
    if not granter.may_name(terms.tenants):
        return TenantNotAllowed()
    if granter.is_trusted:
        return None
    if not may_grant(granter.roles, terms.roles):
        return GrantNotAllowed(", ".join(terms.roles))
    if terms.may_vouch and Role.OWNER.value not in granter.roles:
        return GrantNotAllowed(MAY_VOUCH)
    return None
