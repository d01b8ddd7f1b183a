"""The page about the database says who may do what: all of it, and as it is."""

import re
from pathlib import Path

from tests.database import Connection, Database
from wallet_server.embedded.roles import Role

PAGE = Path(__file__).parents[2] / "docs/operating/database.md"

ROLES = (Role.SERVER, Role.RETENTION, Role.OWNER)
VERBS = {"read": "SELECT", "add": "INSERT", "remove": "DELETE"}

RIGHTS = """
SELECT a.attname, has_table_privilege(r.role, c.oid, 'SELECT') AS "SELECT",
    has_table_privilege(r.role, c.oid, 'INSERT') AS "INSERT",
    has_table_privilege(r.role, c.oid, 'DELETE') AS "DELETE",
    has_column_privilege(r.role, c.oid, a.attnum, 'UPDATE') AS "UPDATE"
FROM (SELECT $1::text AS role) AS r
CROSS JOIN pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.oid = $2::regclass
"""
TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
)


def documented() -> dict[str, list[str]]:
    """Returns what the page says that each role may do, by table."""
    table = PAGE.read_text(encoding="utf-8").partition("## Who may do what")[2]
    rows = re.findall(r"^\| (`.+?) \| (.*?) \| ?(.*?) \| (.*?) \|$", table, re.MULTILINE)
    return {
        name: [server, retention, owner]
        for names, server, retention, owner in rows
        for name in re.findall(r"`(\w+)`", names)
    }


async def told(connection: Connection, table: str, role: Role) -> str:
    """Returns what a role may do, in the words of the page: of columns, the shorter list."""
    columns = await connection.fetch(RIGHTS, role.value, table)
    verbs = [verb for verb, right in VERBS.items() if columns[0][right]]
    changed = [f"`{each['attname']}`" for each in columns if each["UPDATE"]]
    kept = [f"`{each['attname']}`" for each in columns if not each["UPDATE"]]
    if not kept and len(verbs) == len(VERBS):
        return "all"
    parts = [", ".join(verbs)] if verbs else []
    if changed:
        few = len(kept) < len(changed)
        parts.append(f"change all but {', '.join(kept)}" if few else f"change {', '.join(changed)}")
    return "; ".join(parts)


async def test_the_page_says_of_every_table_who_may_do_what(database: Database) -> None:
    connection = await database.connect_superuser()
    tables = [row["relname"] for row in await connection.fetch(TABLES)]

    rights = {
        table: [await told(connection, table, role) for role in ROLES] for table in sorted(tables)
    }

    assert documented() == rights
