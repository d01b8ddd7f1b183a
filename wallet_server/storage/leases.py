"""Leases: who of all processes does work that one of them is enough for.

By the clock of the database, which all servers share. A lease decides who works, and
nothing else: what is done under it must be right without it, as its holder may be late.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

TAKE = sa.text("""
    INSERT INTO leases AS l (lease_name, holder, expire_time)
    VALUES (:lease_name, :holder, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (lease_name) DO UPDATE
    SET holder = excluded.holder, expire_time = excluded.expire_time
    WHERE l.holder = excluded.holder OR l.expire_time <= clock_timestamp()
    RETURNING l.holder
""")
GIVE_UP = sa.text("""
    UPDATE leases SET expire_time = clock_timestamp()
    WHERE lease_name = :lease_name AND holder = :holder
""")


async def take_lease(engine: AsyncEngine, lease_name: str, holder: str, *, seconds: float) -> bool:
    """Takes a lease for so long from now on, or keeps it. Tells whether the holder has it."""
    values = {"lease_name": lease_name, "holder": holder, "seconds": seconds}
    async with engine.begin() as connection:
        return await connection.scalar(TAKE, values) is not None


async def give_up_lease(engine: AsyncEngine, lease_name: str, holder: str) -> None:
    """Lets somebody else take a lease at once, if the holder has it."""
    async with engine.begin() as connection:
        await connection.execute(GIVE_UP, {"lease_name": lease_name, "holder": holder})
