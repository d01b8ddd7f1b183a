"""What wallets and bets are called, and where a wallet's rows live."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from wallet_server.core.value import value

SHARD_COUNT = 1024
LOCATIONS_CACHED_MAX = 65_536


@value
class WalletRef:
    """A player of a tenant, in one currency."""

    tenant_id: str
    player_id: str
    currency_code: str


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """The leading key of every row that belongs to a wallet."""

    shard: int
    wallet_id: UUID


@value
class BetKey:
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
