"""Which revision a database's schema has, and which this release needs.

Loads no alembic, which only those need who migrate: every start would take longer.
"""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

import wallet_server

HAS_REVISION = sa.text("SELECT to_regclass('alembic_version') IS NOT NULL")
REVISION = sa.text("SELECT version_num FROM alembic_version")


async def read_revision(connection: AsyncConnection) -> str | None:
    """Returns the revision of the database's schema; None where there is none."""
    if not await connection.scalar(HAS_REVISION):
        return None
    return await connection.scalar(REVISION)


def head_revision() -> str:
    """Returns the revision that this release needs: the number its last migration begins with."""
    return max(path.name.partition("_")[0] for path in migrations_folder().glob("versions/*.py"))


def migrations_folder() -> Path:
    """Returns where the migrations are: in the package, or beside it in a checkout."""
    package = Path(wallet_server.__file__).parent
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "migrations"
