"""How servers share a wallet that several of them work on.

Under SERIALIZABLE, waiting for a row that another transaction then changes always ends
in a conflict, and the server that has just committed is the first to try again. So
servers that meet on a wallet would starve each other. Once a wallet has caused a
conflict, each server therefore takes turns for it: it queues for a lock that is taken
before the wallet is loaded and held until it is recorded. Whoever lost the race says so
in the wallet's row, or the winner would never know. The lock decides nothing;
recording still checks the wallet's sequence. It is Postgres' own, and may be switched
off for engines that have none; then only retries share the wallet.
"""

from collections.abc import Iterable, Mapping

from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.wallet import Wallet

WALLETS_REMEMBERED_MAX = 10_000
KEY_BYTES = 8


class ContendedWallets:
    """Which wallets have caused a conflict lately."""

    def __init__(self, memory_seconds: float) -> None:
        """Remembers a wallet for so long after its last conflict."""
        self._memory_seconds = memory_seconds
        self._until: dict[WalletRef, float] = {}

    def remember(self, wallets: Iterable[WalletRef], now_seconds: float) -> None:
        """Notes that wallets have caused a conflict. The oldest are forgotten first."""
        for wallet in wallets:
            self._until.pop(wallet, None)
            self._until[wallet] = now_seconds + self._memory_seconds
        while len(self._until) > WALLETS_REMEMBERED_MAX:
            del self._until[next(iter(self._until))]

    def among(self, wallets: Iterable[WalletRef], now_seconds: float) -> list[WalletRef]:
        """Returns those of the wallets that are remembered."""
        if not self._until:
            return []
        return [each for each in wallets if self._until.get(each, 0.0) > now_seconds]


def turn_keys(wallets: Iterable[WalletRef]) -> list[int]:
    """Returns the keys of the wallets' locks, in the one order that all servers take."""
    ids = (locate(wallet).wallet_id.bytes[:KEY_BYTES] for wallet in wallets)
    return sorted({int.from_bytes(each, "big", signed=True) for each in ids})


def moved(before: Mapping[WalletRef, Wallet], after: Mapping[WalletRef, Wallet]) -> list[WalletRef]:
    """Returns the wallets that somebody else has changed between two loads."""
    return [
        ref
        for ref, wallet in after.items()
        if ref not in before or before[ref].sequence != wallet.sequence
    ]
