"""What a player may do."""

from enum import StrEnum


class AccountStatus(StrEnum):
    """What a player may do, over all of the player's currencies."""

    ACTIVE = "ACTIVE"
    BET_BLOCKED = "BET_BLOCKED"
    SELF_EXCLUDED = "SELF_EXCLUDED"
    FROZEN = "FROZEN"
    CLOSED = "CLOSED"
