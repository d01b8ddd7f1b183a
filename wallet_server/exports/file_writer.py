"""What all formats of files have in common."""

from collections.abc import Iterable
from typing import Protocol

from wallet_server.core.exports.table import Cover, Group, Row, Table

PIECE_BYTES = 65_536
"""How much of a file is handed on at once, at most."""


class FileWriter(Protocol):
    """Writes a file from its beginning to its end. What is ready is taken from it meanwhile."""

    def begin(self, cover: Cover) -> None:
        """Begins the file."""
        ...

    def begin_table(self, table: Table) -> None:
        """Begins a table, at the end of the one before."""
        ...

    def begin_group(self, group: Group) -> None:
        """Begins rows that belong together, in the table that was begun."""
        ...

    def write(self, rows: Iterable[Row]) -> None:
        """Adds rows to the table that was begun."""
        ...

    def end(self) -> None:
        """Ends the file. No more may be written, and all of it can be taken."""
        ...

    def take(self) -> bytes:
        """Returns what is ready of the file and has not been taken yet; nothing for none."""
        ...

    def close(self) -> None:
        """Gives up what it keeps elsewhere, whether the file has ended or not."""
        ...
