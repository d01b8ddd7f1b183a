"""Fences: while a topology that removes buckets is activated, commands of its tenant wait.

The fence ends by itself, by the clock of the database: should whoever has closed it be gone, the
commands go on. That is all it is for. What is activated is right without it, as activation reads
what commands write, and commands the epoch that activation writes.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

# The epoch moves too, so that every server looks again, and sees the fence.
CLOSE = sa.text("""
    UPDATE tenants
    SET fence_token = :token, epoch = epoch + 1,
        fence_expire_time = clock_timestamp() + make_interval(secs => :seconds)
    WHERE tenant_id = :tenant_id
        AND (fence_expire_time IS NULL OR fence_expire_time <= clock_timestamp())
""")
OPEN = sa.text("""
    UPDATE tenants SET fence_token = NULL, fence_expire_time = NULL
    WHERE tenant_id = :tenant_id AND fence_token = :token
""")
IS_OURS = sa.text("SELECT fence_token = :token FROM tenants WHERE tenant_id = :tenant_id")


async def close(
    connection: AsyncConnection, tenant_id: str, token: UUID, *, seconds: float
) -> bool:
    """Closes the fence around a tenant for so long, unless somebody else has. Tells which."""
    values = {"tenant_id": tenant_id, "token": token, "seconds": seconds}
    return (await connection.execute(CLOSE, values)).rowcount == 1


async def open_up(connection: AsyncConnection, tenant_id: str, token: UUID) -> None:
    """Opens the fence that was closed with the token, if it is that one still."""
    await connection.execute(OPEN, {"tenant_id": tenant_id, "token": token})


async def is_ours(connection: AsyncConnection, tenant_id: str, token: UUID) -> bool:
    """Tells whether the fence is the one that was closed with the token, if only for now."""
    values = {"tenant_id": tenant_id, "token": token}
    return bool(await connection.scalar(IS_OURS, values))
