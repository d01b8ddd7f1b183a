"""What callers may do, and which roles they need for it. One table says it all."""

from collections.abc import Iterable, Mapping
from enum import Enum


class Permission(Enum):
    """What a method asks of its callers, as the proto declares it."""

    OF_EACH_COMMAND = "OF_EACH_COMMAND"
    OPEN_WALLETS = "OPEN_WALLETS"
    PLAY = "PLAY"
    PROMOTE = "PROMOTE"
    TRANSFER = "TRANSFER"
    CASH = "CASH"
    REVIEW = "REVIEW"
    ADJUST = "ADJUST"
    GUARD_PLAYERS = "GUARD_PLAYERS"
    REPLAN = "REPLAN"
    READ_WALLETS = "READ_WALLETS"
    CONFIGURE = "CONFIGURE"
    APPROVE_CONFIGURATION = "APPROVE_CONFIGURATION"
    READ_CONFIGURATION = "READ_CONFIGURATION"
    ADMINISTER = "ADMINISTER"
    AUDIT = "AUDIT"
    MIGRATE = "MIGRATE"
    READ_EVENTS = "READ_EVENTS"
    READ_STATEMENTS = "READ_STATEMENTS"


class Role(Enum):
    """What a caller is, by the name that tokens and credentials use."""

    GAME_SERVICE = "game_service"
    PROMOTION_SERVICE = "promotion_service"
    CASHIER = "cashier"
    GATEWAY = "gateway"
    SUPPORT = "support"
    ADMIN = "admin"
    MANAGER = "manager"
    OWNER = "owner"
    AUDITOR = "auditor"
    MIGRATOR = "migrator"
    CONSUMER = "consumer"
    FINANCE = "finance"


READS = frozenset({Permission.READ_WALLETS, Permission.READ_CONFIGURATION, Permission.READ_EVENTS})

PERMISSIONS_BY_ROLE: Mapping[Role, frozenset[Permission]] = {
    Role.GAME_SERVICE: frozenset(
        {Permission.OPEN_WALLETS, Permission.PLAY, Permission.TRANSFER, Permission.READ_WALLETS}
    ),
    Role.PROMOTION_SERVICE: frozenset(
        {
            Permission.OPEN_WALLETS,
            Permission.PROMOTE,
            Permission.READ_WALLETS,
            Permission.READ_EVENTS,
        }
    ),
    Role.CASHIER: frozenset({Permission.OPEN_WALLETS, Permission.CASH, Permission.READ_WALLETS}),
    Role.GATEWAY: frozenset({Permission.READ_WALLETS, Permission.READ_EVENTS}),
    Role.SUPPORT: READS,
    Role.ADMIN: READS
    | {
        Permission.CONFIGURE,
        Permission.ADMINISTER,
        Permission.ADJUST,
        Permission.GUARD_PLAYERS,
        Permission.REVIEW,
    },
    Role.MANAGER: READS
    | {
        Permission.CONFIGURE,
        Permission.APPROVE_CONFIGURATION,
        Permission.ADJUST,
        Permission.GUARD_PLAYERS,
        Permission.REVIEW,
        Permission.REPLAN,
        Permission.READ_STATEMENTS,
    },
    Role.OWNER: READS
    | {
        Permission.CONFIGURE,
        Permission.APPROVE_CONFIGURATION,
        Permission.ADMINISTER,
        Permission.ADJUST,
        Permission.AUDIT,
        Permission.GUARD_PLAYERS,
        Permission.REVIEW,
        Permission.REPLAN,
        Permission.READ_STATEMENTS,
    },
    Role.AUDITOR: READS | {Permission.AUDIT, Permission.READ_STATEMENTS},
    Role.MIGRATOR: READS | {Permission.OPEN_WALLETS, Permission.MIGRATE},
    Role.CONSUMER: frozenset({Permission.READ_WALLETS, Permission.READ_EVENTS}),
    Role.FINANCE: READS | {Permission.READ_STATEMENTS},
}
"""What each role may do. `OF_EACH_COMMAND` is no role's: anybody may call what asks for it."""

TAKE_TWO_PERSONS = frozenset(
    {
        Permission.CONFIGURE,
        Permission.APPROVE_CONFIGURATION,
        Permission.ADJUST,
        Permission.REVIEW,
        Permission.REPLAN,
    }
)
"""What one person asks for and another approves, from either side."""

MOVE_MONEY = frozenset(
    {
        Permission.PLAY,
        Permission.PROMOTE,
        Permission.TRANSFER,
        Permission.CASH,
        Permission.MIGRATE,
    }
)
"""What moves money as whoever calls says, however much, and without a second person."""


def roles_without(permissions: frozenset[Permission]) -> frozenset[Role]:
    """Returns the roles that have none of some permissions."""
    return frozenset(role for role in Role if not PERMISSIONS_BY_ROLE[role] & permissions)


GRANTED_BY_ROLE: Mapping[Role, frozenset[Role]] = {
    Role.ADMIN: roles_without(TAKE_TWO_PERSONS | MOVE_MONEY),
    Role.OWNER: frozenset(Role),
}
"""Which roles those who administer may give to others.

An admin may be one of two persons where it takes two, and so makes no second one: that could be
the admin again, by another subject. Nor does an admin make one who moves money alone, for the same
reason: what an admin does with money has a limit from which on it takes two.
"""

ENDED_BY_ROLE: Mapping[Role, frozenset[Role]] = {
    Role.ADMIN: roles_without(TAKE_TWO_PERSONS),
    Role.OWNER: frozenset(Role),
}
"""Which roles they may take away with all that a credential has. That can be urgent."""

ROLES: Mapping[str, Role] = {role.value: role for role in Role}


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """Returns what the roles may do together. One that is not among ours may do nothing."""
    known = (ROLES[name] for name in roles if name in ROLES)
    return frozenset[Permission]().union(*(PERMISSIONS_BY_ROLE[role] for role in known))


def may_grant(granting: Iterable[str], roles: Iterable[str]) -> bool:
    """Tells whether somebody with some roles may give others to somebody else.

    One that is not among ours names who approves what in a tenant's wallet policy, and may be
    given by whoever may give any.
    """
    return has_all(GRANTED_BY_ROLE, granting, roles)


def may_end(ending: Iterable[str], roles: Iterable[str]) -> bool:
    """Tells whether somebody with some roles may end a credential that has others."""
    return has_all(ENDED_BY_ROLE, ending, roles)


def has_all(
    by_role: Mapping[Role, frozenset[Role]], acting: Iterable[str], roles: Iterable[str]
) -> bool:
    """Tells whether all that somebody's roles have in a table has some roles in it."""
    known = [ROLES[name] for name in acting if name in ROLES]
    theirs = frozenset[Role]().union(*(by_role.get(role, ()) for role in known))
    return bool(theirs) and all(ROLES[name] in theirs for name in roles if name in ROLES)
