"""The URL of a database, as operators write it."""

import re

ANY_DIALECT = re.compile(r"^postgres(ql)?(\+asyncpg)?://")


def normalize_url(database_url: str) -> str:
    """Returns the URL as asyncpg takes it, whether it was written for it or for SQLAlchemy."""
    return ANY_DIALECT.sub("postgresql://", database_url)
