"""What should be otherwise about a database that a server is about to use."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.storage.requirements import check_postgres, find_setting_warnings

MAY_REWRITE = sa.text("""
    SELECT bool_or(has_table_privilege(name, 'UPDATE, DELETE, TRUNCATE'))
    FROM unnest(ARRAY['answers', 'entries']) AS names (name)
""")


async def find_warnings(engine: AsyncEngine) -> list[str]:
    """Returns a sentence for each thing that should be otherwise, but need not.

    Takes a database with a schema.

    Raises:
        PostgresTooOldError: Postgres is older than 15.

    """
    async with engine.connect() as connection:
        return await connection.run_sync(_find_warnings)


def _find_warnings(connection: sa.Connection) -> list[str]:
    check_postgres(connection)
    warnings = find_setting_warnings(connection)
    if connection.scalar(MAY_REWRITE):
        role = connection.scalar(sa.text("SELECT current_user"))
        warnings.append(
            f"{role} may rewrite the journal: only the program's own care keeps it append-only. "
            "Connect as a member of wallet_server instead."
        )
    return warnings
