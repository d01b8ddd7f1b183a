"""The leading key of a wallet's rows, as parameters have it."""

from functools import lru_cache
from typing import TypeAlias

from wallet_server.core.ids import LOCATIONS_CACHED_MAX, WalletRef, locate

Key: TypeAlias = tuple[int, str]
"""Shard and wallet id. Keys order as the ids do, and as Postgres orders them."""


@lru_cache(maxsize=LOCATIONS_CACHED_MAX)
def key_of(ref: WalletRef) -> Key:
    """Returns the key of a wallet."""
    place = locate(ref)
    return place.shard, str(place.wallet_id)
