"""What can be corrected: bets, and wins, which are corrected in the same way."""

from collections.abc import Mapping
from typing import Protocol

from wallet_server.core.config.provider_profile import CorrectionShortfall
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey


class Rules(Protocol):
    """How far a correction may go for what is missing, and what then."""

    @property
    def correction_shortfall(self) -> CorrectionShortfall:
        """What happens when a correction finds the money gone."""
        ...

    @property
    def recovery_scope(self) -> RecoveryScope:
        """Which buckets stand in for one that is empty."""
        ...

    @property
    def recovery_order(self) -> tuple[str, ...]:
        """Those buckets, first to last."""
        ...


class Corrected(Protocol):
    """What is corrected: a bet or a win, as it was before."""

    @property
    def key(self) -> BetKey:
        """Its reference."""
        ...

    @property
    def substitutions(self) -> tuple[Move, ...]:
        """What it has really done otherwise."""
        ...

    @property
    def replanned(self) -> Mapping[str, str]:
        """Where what it gives to some buckets goes instead, by their codes."""
        ...

    @property
    def snapshot(self) -> Rules | None:
        """The rules it is corrected by; none for what never moved anything."""
        ...
