"""What the attempts at one batch have been through so far."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from wallet_server.core.batch import Fold
from wallet_server.core.ids import WalletRef
from wallet_server.execution.contention import moved
from wallet_server.storage.loading import Loaded
from wallet_server.storage.troubles import Trouble, trouble_of

TaskKey: TypeAlias = tuple[WalletRef, str]


@dataclass(slots=True)
class Attempts:
    """How many there were, what the last one loaded, and what is in doubt since.

    A task is in doubt when the connection was lost while it was recorded: it may
    have been, or still be. `configuration_moved` tells whether the last attempt
    found another epoch than the one before.
    """

    count: int = 0
    in_doubt: frozenset[TaskKey] = frozenset()
    loaded: Loaded | None = None
    configuration_moved: bool = False

    def note_loaded(self, loaded: Loaded) -> list[WalletRef]:
        """Notes what an attempt loaded. Returns the wallets somebody else has changed."""
        before, self.loaded = self.loaded, loaded
        if before is None:
            return []
        self.configuration_moved = before.epochs != loaded.epochs
        return moved(before.wallets, loaded.wallets)

    @contextmanager
    def doubting(self, fold: Fold) -> Generator[None]:
        """Notes what is in doubt if the connection is lost in the block."""
        try:
            yield
        except Exception as error:
            if trouble_of(error) is Trouble.LOST:
                keys = {(each.task.wallet, each.task.request_id) for each in fold.recorded}
                self.in_doubt |= keys
            raise
