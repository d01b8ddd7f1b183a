"""How far a process has looked at a tenant's events, and which chapters it could not write."""

from dataclasses import dataclass, field, replace

from wallet_server.core.ids import WalletRef
from wallet_server.storage.chapters import EndedChapter


@dataclass(slots=True)
class LookedAt:
    """What is known of one tenant: a process remembers it while chapters fail.

    `position` is that of the last event it has looked at. Of each wallet whose chapters fail,
    `failed` has the last one, at the position of the first.
    """

    position: int
    failed: dict[WalletRef, EndedChapter] = field(default_factory=dict[WalletRef, EndedChapter])

    @property
    def written(self) -> int:
        """The position up to which every chapter is written."""
        return min([self.position, *(each.position - 1 for each in self.failed.values())])

    def note_failure(self, ended: EndedChapter) -> None:
        """Notes that a chapter was not written."""
        first = self.failed.get(ended.wallet, ended)
        self.failed[ended.wallet] = replace(ended, position=first.position)

    def note_success(self, ended: EndedChapter) -> None:
        """Notes that a wallet has its chapters up to one."""
        self.failed.pop(ended.wallet, None)
