"""What wallets and bets are called, and where a wallet's rows live.

These are keys of dictionaries, looked up some dozen times a command: named tuples, which
are hashed and compared in C.
"""

import hashlib
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

SHARD_COUNT = 1024
LOCATIONS_CACHED_MAX = 65_536


class WalletRef(NamedTuple):
    """A player of a tenant, in one currency."""

    tenant_id: str
    player_id: str
    currency_code: str


class Location(NamedTuple):
    """The leading key of every row that belongs to a wallet."""

    shard: int
    wallet_id: UUID


class BetKey(NamedTuple):
    """A provider's transaction, unique within a wallet; tombstones included."""

    provider_id: str
    bet_ref: str


@lru_cache(maxsize=LOCATIONS_CACHED_MAX)
def locate(wallet: WalletRef) -> Location:
    """Returns where the wallet's rows live, on any server and for ever.

    All wallets of a player share a shard, so that what holds for the player can
    be checked beside them. The id is a digest of the wallet's name, so finding a
    wallet takes no look-up.
    """
    player = f"{wallet.tenant_id}\0{wallet.player_id}".encode()
    shard = int.from_bytes(hashlib.sha256(player).digest()[:8], "big") % SHARD_COUNT
    name = player + b"\0" + wallet.currency_code.encode()
    return Location(shard, UUID(bytes=hashlib.sha256(name).digest()[:16]))
