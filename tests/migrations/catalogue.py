"""Describes a database by Postgres' own catalogue, so that two can be compared."""

import re
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# Of one schema, what is not alembic's own: one row for each thing, as text.
QUERIES = {
    "columns": """
        SELECT concat_ws(' ', c.relname,
            row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
            format_type(a.atttypid, a.atttypmod), a.attnotnull,
            pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated)
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'alembic_version'
    """,
    "constraints": """
        SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
        FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
            AND conrelid::regclass::text <> 'alembic_version'
    """,
    "indexes": """
        SELECT indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    """,
    "options": """
        SELECT concat_ws(' ', relname, relkind, relpersistence, array_to_string(reloptions, ','))
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
            AND relname NOT LIKE 'alembic_version%'
    """,
    "functions": """
        SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
    "triggers": "SELECT tgname::text FROM pg_trigger",
    "sequences": "SELECT sequencename::text FROM pg_sequences",
    "extensions": "SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql'",
}


async def describe(connection: Connection) -> dict[str, list[str]]:
    """Returns everything in the schema, sorted, whatever its layout."""
    return {
        name: sorted(re.sub(r"\s+", " ", row[0]) for row in await connection.fetch(query))
        for name, query in QUERIES.items()
    }
