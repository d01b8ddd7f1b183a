"""A credential as administrators see it: what it stands for, and since when."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from wallet_server.core.access.credential import CredentialKind
from wallet_server.core.access.principal import EVERY_TENANT
from wallet_server.core.administration.act import WHOLE_INSTALLATION
from wallet_server.core.administration.audit_record import Plain, Resource, ResourceKind
from wallet_server.core.administration.plain import plain_of
from wallet_server.core.value import value

FIRST_REVISION = 1
TIMES = ("create_time", "update_time", "expire_time")


class CredentialState(StrEnum):
    """Whether a credential is worth anything."""

    ACTIVE = "ACTIVE"
    REVOKED = "REVOKED"


@value
class CredentialTerms:
    """What a credential gives to its subject; both lists are in order, and name nothing twice.

    `tenants` are those that it may name, `EVERY_TENANT` alone for all. With a `player_id` it may
    name that player only. Whoever `may_vouch` says itself for whom it asks. At `expire_time` it
    ends, if that is not none.
    """

    tenants: tuple[str, ...]
    roles: tuple[str, ...]
    player_id: str = ""
    may_vouch: bool = False
    expire_time: datetime | None = None


@value
class Credential:
    """A credential. Its id, kind, subject and author, who made it, stay what they are."""

    credential_id: str
    kind: CredentialKind
    subject: str
    terms: CredentialTerms
    state: CredentialState
    revision: int
    author: str
    create_time: datetime
    update_time: datetime

    @property
    def tenant_id(self) -> str:
        """The tenant that it is for, if it is one alone: acts on it are that tenant's."""
        return home_of(self.terms.tenants)


def home_of(tenants: tuple[str, ...]) -> str:
    """Returns the tenant that a credential for some tenants is for, if it is one alone."""
    (tenant_id, *others) = tenants
    return WHOLE_INSTALLATION if others or tenant_id == EVERY_TENANT else tenant_id


def resource_of_credential(credential: Credential) -> Resource:
    """Returns a credential as what an act is about."""
    return Resource(ResourceKind.CREDENTIAL, credential.credential_id, credential.revision)


def plain_credential(credential: Credential) -> Plain:
    """Returns a credential as plain data, all of it."""
    plain = cast("Plain", plain_of(credential))
    terms = cast("Plain", plain["terms"])
    return {**{name: each for name, each in plain.items() if name != "terms"}, **terms}


def credential_of_plain(plain: Plain) -> Credential:
    """Returns the credential of plain data that `plain_credential` has written."""
    fields: dict[str, Any] = dict(plain)
    for name in TIMES:
        fields[name] = fields[name] and datetime.fromisoformat(fields[name])
    terms = CredentialTerms(
        tenants=tuple(fields.pop("tenants")),
        roles=tuple(fields.pop("roles")),
        player_id=fields.pop("player_id"),
        may_vouch=fields.pop("may_vouch"),
        expire_time=fields.pop("expire_time"),
    )
    fields["kind"] = CredentialKind(fields["kind"])
    fields["state"] = CredentialState(fields["state"])
    return Credential(terms=terms, **fields)
