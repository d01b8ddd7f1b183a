"""Connections that ask what Postgres' own types are once in the life of the process.

asyncpg knows some types by itself. What others are, such as lists of whole numbers, each connection
of its own asks the database, in up to three statements that cost it more than most of ours.
"""

# pyright: reportMissingTypeArgument=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportAttributeAccessIssue=false
# asyncpg's classes are generic for type checkers only, who are told of its public methods.

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import asyncpg

OWN_TYPES_OID_END = 10_000
"""Postgres' source gives its types numbers below this one, which are the same everywhere."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Stands for the statement that asked. It has a name: it was in nobody's way."""

    name: str = "asked before"


ROWS: dict[frozenset[int], Any] = {}
"""What the database has said of types, by their numbers."""


class KnowingConnection(asyncpg.Connection):
    """A connection that knows what any connection of the process has asked of Postgres' types."""

    __slots__ = ()

    async def _introspect_types(
        self, typeoids: Collection[int], seconds: float | None
    ) -> tuple[Any, Any]:
        """Returns what types are, and the statement that asked, as asyncpg wants them."""
        oids = frozenset(typeoids)
        if oids in ROWS:
            return ROWS[oids], Asked()
        rows, statement = await super()._introspect_types(typeoids, seconds)
        if max(oids) < OWN_TYPES_OID_END:
            ROWS[oids] = rows
        return rows, statement
