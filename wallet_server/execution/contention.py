"""How servers share wallets that several of them work on.

Under SERIALIZABLE, waiting for a row that another transaction then changes always ends
in a conflict, and the server that has just committed is the first to try again. So
servers that meet on a wallet would starve each other. Once servers have met, each
therefore takes turns for all wallets of its batches for a while: it queues for a lock
that is taken before the wallet is loaded and held until it is recorded. For all wallets,
as who meets at one will meet at others, and each meeting has a whole batch run again.
Commands whose wallets others have just then are put off to the next batch, and the rest
goes on; only who would have nothing to do, or has been put off too often, waits. Whoever
comes to the same wallets meanwhile runs with the batch that waits.
Whoever lost the race says so in the wallet's row, or the winner would never know. The
lock decides nothing; recording still checks the wallet's sequence. It is Postgres' own,
and may be switched off for engines that have none; then only retries share the wallet.
"""

from collections.abc import Iterable, Mapping

from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.wallet import Wallet

KEY_BYTES = 8


class Meetings:
    """Whether a lane has lately met other servers at a wallet."""

    def __init__(self, memory_seconds: float) -> None:
        """Remembers a meeting for so long."""
        self._memory_seconds = memory_seconds
        self._until_seconds = 0.0

    def note(self, now_seconds: float) -> None:
        """Notes that there was one."""
        self._until_seconds = now_seconds + self._memory_seconds

    def are_recent(self, now_seconds: float) -> bool:
        """Tells whether there was one lately."""
        return now_seconds < self._until_seconds


def turn_key(wallet: WalletRef) -> int:
    """Returns the key of a wallet's lock."""
    return int.from_bytes(locate(wallet).wallet_id.bytes[:KEY_BYTES], "big", signed=True)


def turn_keys(wallets: Iterable[WalletRef]) -> list[int]:
    """Returns the keys of the wallets' locks, in the one order that all servers take."""
    return sorted({turn_key(wallet) for wallet in wallets})


def moved(before: Mapping[WalletRef, Wallet], after: Mapping[WalletRef, Wallet]) -> list[WalletRef]:
    """Returns the wallets that somebody else has changed between two loads."""
    return [
        ref
        for ref, wallet in after.items()
        if ref not in before or before[ref].sequence != wallet.sequence
    ]
