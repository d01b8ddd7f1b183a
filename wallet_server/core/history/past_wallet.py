"""What a wallet held at a moment of the past."""

from collections.abc import Mapping
from datetime import datetime

from wallet_server.core.accounts import Account
from wallet_server.core.history.sums import Holding
from wallet_server.core.ids import WalletRef
from wallet_server.core.value import value


@value
class PastWallet:
    """What a wallet held after a command: every account of the player that held anything.

    `sequence` is the number of the command, zero for before the first. `entry_time` is when the
    last entry up to then was made; none if there was none.
    """

    ref: WalletRef
    sequence: int
    entry_time: datetime | None
    holdings: Mapping[Account, Holding]
