"""Where the job of a drain is, as it is kept between pages."""

from typing import Any
from uuid import UUID

from wallet_server.core.ids import Location
from wallet_server.core.value import value
from wallet_server.storage.drain_pages import BEFORE_ALL


@value
class DrainPlace:
    """How far a job has come in a pass over all wallets.

    `step` counts the pages of all passes: of two processes at one page, only one gets further.
    `drained_count` and `refused_count` are of this pass alone.
    """

    step: int = 0
    pass_number: int = 1
    after: Location = BEFORE_ALL
    drained_count: int = 0
    refused_count: int = 0

    def as_document(self) -> dict[str, Any]:
        """Returns it as plain data."""
        return {
            "step": self.step,
            "pass": self.pass_number,
            "shard": self.after.shard,
            "wallet_id": str(self.after.wallet_id),
            "drained": self.drained_count,
            "refused": self.refused_count,
        }


def place_of(document: "dict[str, Any] | None") -> DrainPlace:
    """Returns the place of plain data; the first, where there is none yet.

    Earlier releases did not count what was refused.
    """
    if document is None:
        return DrainPlace()
    return DrainPlace(
        document["step"],
        document["pass"],
        Location(document["shard"], UUID(document["wallet_id"])),
        document["drained"],
        document.get("refused", 0),
    )
