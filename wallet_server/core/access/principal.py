"""The caller of a method, as its credentials say."""

from datetime import datetime

from wallet_server.core.access.permission import Permission, Role, permissions_of
from wallet_server.core.commands.actor import Actor
from wallet_server.core.value import value

EVERY_TENANT = "*"
"""Stands in credentials for all tenants, and for what is of no single one."""

GATEWAY = Role.GATEWAY.value
"""Named for the path of every call, as in `decision.py`."""


@value
class Principal:
    """A person or a service that has proved who it is.

    `credential_id` says by what: the row of a credential, or the id of a token. With `tenants`
    of `EVERY_TENANT` there is no tenant that it may not name. One with a `player_id` may name
    that player only. One that `may_vouch` says itself for whom it asks. At `expire_time` it ends,
    if that is not none. `is_trusted` are callers of a server that authenticates nobody.

    `person` is who it is where the subject does not tell, and `own_player_id` the player who that
    person is too: neither lets it do more.
    """

    subject: str
    roles: tuple[str, ...]
    tenants: frozenset[str]
    permissions: frozenset[Permission]
    player_id: str = ""
    may_vouch: bool = False
    credential_id: str = ""
    expire_time: datetime | None = None
    is_trusted: bool = False
    person: str = ""
    own_player_id: str = ""

    @property
    def is_bound(self) -> bool:
        """Whether it may name one player only. A gateway without a player may name none."""
        return bool(self.player_id) or GATEWAY in self.roles

    @property
    def is_for_every_tenant(self) -> bool:
        """Whether there is no tenant that it may not name."""
        return EVERY_TENANT in self.tenants

    def may_name_tenant(self, tenant_id: str) -> bool:
        """Tells whether it may ask something about a tenant."""
        return EVERY_TENANT in self.tenants or tenant_id in self.tenants

    def as_actor(self) -> Actor:
        """Returns who asks, where it does not ask for somebody else.

        A person is named as one whom the subject vouches for.
        """
        name = f"{self.subject}/{self.person}" if self.person else self.subject
        return Actor(name, self.roles, self.player_id or self.own_player_id)


TRUSTED = Principal(
    subject="",
    roles=(),
    tenants=frozenset({EVERY_TENANT}),
    permissions=frozenset(Permission),
    is_trusted=True,
)
"""Anybody, on a server that authenticates nobody: everything is allowed, and no name is known."""


def principal_of(
    subject: str,
    roles: tuple[str, ...],
    tenants: frozenset[str],
    *,
    player_id: str = "",
    may_vouch: bool = False,
    credential_id: str = "",
    expire_time: datetime | None = None,
) -> Principal:
    """Returns a caller with the permissions that its roles have."""
    return Principal(
        subject=subject,
        roles=tuple(sorted(set(roles))),
        tenants=tenants,
        permissions=permissions_of(roles) | {Permission.OF_EACH_COMMAND},
        player_id=player_id,
        may_vouch=may_vouch,
        credential_id=credential_id,
        expire_time=expire_time,
    )
