"""What the attempts at one batch have been through so far."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from wallet_server.core.batch import Fold
from wallet_server.core.ids import WalletRef
from wallet_server.execution.contention import moved
from wallet_server.execution.settings import EngineSettings
from wallet_server.storage.loading import Loaded
from wallet_server.storage.troubles import Trouble, leaves_open

TaskKey: TypeAlias = tuple[WalletRef, str]


@dataclass(slots=True)
class Attempts:
    """How many there were, what the last one loaded, and what is in doubt since.

    A task is in doubt when the connection was lost while it was recorded: it may
    have been, or still be. `configuration_moved` tells whether the last attempt
    found another epoch than the one before. `holds_turns` tells whether turns at all wallets
    were taken before this attempt.
    """

    count: int = 0
    conflict_count: int = 0
    lost_since_seconds: float | None = None
    in_doubt: frozenset[TaskKey] = frozenset()
    loaded: Loaded | None = None
    configuration_moved: bool = False
    holds_turns: bool = False

    def begin(self) -> None:
        """Begins the next attempt. Turns are given up with the first."""
        self.holds_turns &= self.count == 0
        self.count += 1
        self.configuration_moved = False

    def may_go_on(self, trouble: Trouble, now_seconds: float, settings: EngineSettings) -> bool:
        """Tells whether the batch may run again after a trouble of the last attempt.

        Conflicts are limited by their number: somebody else made progress each time.
        A database that is away is limited by time.
        """
        match trouble:
            case Trouble.CONFLICT:
                self.conflict_count += 1
                return self.conflict_count < settings.attempts_max
            case Trouble.LOST:
                self.lost_since_seconds = self.lost_since_seconds or now_seconds
                return now_seconds - self.lost_since_seconds < settings.reconnect_seconds_max
            case Trouble.BROKEN:
                return False

    def note_loaded(self, loaded: Loaded) -> list[WalletRef]:
        """Notes what an attempt loaded. Returns the wallets somebody else has changed."""
        before, self.loaded = self.loaded, loaded
        if before is None:
            return []
        self.configuration_moved |= before.epochs != loaded.epochs
        return moved(before.wallets, loaded.wallets)

    @contextmanager
    def doubting(self, fold: Fold) -> Generator[None]:
        """Notes what is in doubt if the connection is lost in the block."""
        try:
            yield
        except Exception as error:
            if leaves_open(error):
                keys = {(each.task.wallet, each.task.request_id) for each in fold.recorded}
                self.in_doubt |= keys
            raise
