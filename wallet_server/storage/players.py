"""Players as their rows: a status, and a document with limits and what counts for them.

Nearly all players have nothing but a status, and no document. A document is read as those of
items are: one that was written before a field was there has the field's default.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from wallet_server.core.players.limit import Limit
from wallet_server.core.players.player import ORDINARY_PLAYER, Player
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.players.usage import Usage
from wallet_server.core.value import value
from wallet_server.storage.json_text import to_json


class Row(Protocol):
    """A row with the columns of a player."""

    def __getitem__(self, column: str, /) -> Any:  # noqa: ANN401 - a column of any type.
        """Returns the value of a column."""
        ...


@value
class PlayerDocument:
    """What a player has beside a status."""

    limits: tuple[Limit, ...] = ()
    usages: tuple[Usage, ...] = ()


DECODER = msgspec.json.Decoder(type=PlayerDocument)

STATUSES: Mapping[str, AccountStatus] = {each.value: each for each in AccountStatus}
"""As the states of bets in `rows.py`."""


def player_from_row(row: Row) -> Player:
    """Returns the player of a row, which has `status`, `revision` and `document` as text.

    Raises:
        ValueError: The document is none of a player.
    """
    status, revision, text = row["status"], row["revision"], row["document"]
    if text is None:
        is_ordinary = not revision and status == ORDINARY_PLAYER.status
        return ORDINARY_PLAYER if is_ordinary else Player(AccountStatus(status), revision=revision)
    document = DECODER.decode(text)
    known = STATUSES.get(status) or AccountStatus(status)
    return Player(known, document.limits, document.usages, revision)


def player_columns(player: Player) -> tuple[str, int, str | None, datetime | None]:
    """Returns the columns of a player: status, revision, document and due time."""
    document: str | None = None
    if player.limits or player.usages:
        document = to_json(PlayerDocument(player.limits, player.usages))
    return player.status, player.revision, document, player.due_time
