"""Who may give what to whom, and take it away."""

from collections.abc import Callable, Collection, Iterable

from wallet_server.core.access.permission import Role, may_end, may_grant
from wallet_server.core.access.principal import EVERY_TENANT, Principal
from wallet_server.core.administration.credential import CredentialTerms
from wallet_server.core.commands.actor import Actor
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.access import TenantNotAllowed
from wallet_server.core.refusals.tenancy import GrantNotAllowed
from wallet_server.core.value import value

MAY_VOUCH = "may_vouch"


@value
class Granter:
    """Somebody who administers credentials: in which roles, for which tenants, and who.

    The roles are those in which it acts now, which may be fewer than its credential has.
    `credential_id` is what it calls by, `name` who acts. `is_trusted` is anybody, on a server that
    authenticates nobody.
    """

    roles: tuple[str, ...]
    tenants: Collection[str]
    credential_id: str = ""
    is_trusted: bool = False
    name: str = ""

    @property
    def is_owner(self) -> bool:
        """Whether it gives what nobody else may."""
        return Role.OWNER.value in self.roles

    @property
    def is_for_every_tenant(self) -> bool:
        """Whether there is no tenant that it may not name."""
        return EVERY_TENANT in self.tenants

    def goes_by(self, subject: str) -> bool:
        """Tells whether a subject may be the same person."""
        return bool(self.name) and Actor(self.name).goes_by(subject)

    def may_name(self, tenants: Collection[str]) -> bool:
        """Tells whether it may name all of some tenants; `EVERY_TENANT` stands for itself."""
        return self.is_for_every_tenant or all(each in self.tenants for each in tenants)


def granter_of(principal: Principal, actor: Actor) -> Granter:
    """Returns a caller as somebody who grants, in the roles in which it, or the actor, acts now."""
    return Granter(
        actor.roles,
        principal.tenants,
        principal.credential_id,
        principal.is_trusted,
        actor.name,
    )


def why_not_granted(granter: Granter, terms: CredentialTerms) -> Refusal | None:
    """Returns why somebody may not give what a credential stands for.

    Nobody reaches beyond their own tenants, or grants a role above theirs. Whoever vouches for
    persons can be two of them, and so only an owner lets anybody vouch.
    """
    return why_not(may_grant, granter, terms)


def why_not_ended(granter: Granter, terms: CredentialTerms) -> Refusal | None:
    """Returns why somebody may not take away all that a credential stands for."""
    return why_not(may_end, granter, terms)


def why_not(
    may: Callable[[Iterable[str], Iterable[str]], bool], granter: Granter, terms: CredentialTerms
) -> Refusal | None:
    """Returns why somebody may not do with a credential's terms what some roles may."""
    if not granter.may_name(terms.tenants):
        return TenantNotAllowed()
    if granter.is_trusted:
        return None
    if not may(granter.roles, terms.roles):
        return GrantNotAllowed(", ".join(terms.roles))
    if terms.may_vouch and not granter.is_owner:
        return GrantNotAllowed(MAY_VOUCH)
    return None


def why_tokens_not_ended(granter: Granter, subject: str) -> Refusal | None:
    """Returns why somebody may not end a token; or all of a subject, where one is named.

    Tokens say themselves whom they let in, to all of their tenants, and nobody knows it before
    they come: all of a subject may be an owner's. A single one is soon replaced.
    """
    if not granter.is_for_every_tenant:
        return TenantNotAllowed()
    if subject and not granter.is_trusted and not granter.is_owner:
        return GrantNotAllowed(Role.OWNER.value)
    return None


def is_own(granter: Granter, subject: str) -> bool:
    """Tells whether a credential of a subject would be the granter's, who may not give it.

    An owner may: whoever lets everybody in begins with themselves.
    """
    return not (granter.is_trusted or granter.is_owner) and granter.goes_by(subject)
