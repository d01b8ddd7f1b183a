"""Finds examples of what is in the way of a topology: only once something is."""

import logging
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.administration.blocker import EXAMPLES_MAX
from wallet_server.core.administration.guard_usage import REASON_BY_KIND
from wallet_server.core.administration.usage import UsageKind
from wallet_server.core.refusals.administration import TopologyActivationBlocked
from wallet_server.storage import usage_examples
from wallet_server.storage.engine import limit_statements
from wallet_server.storage.troubles import Trouble, trouble_of

logger = logging.getLogger(__name__)

KIND_BY_REASON = {reason: kind for kind, reason in REASON_BY_KIND.items()}


async def with_examples(
    engine: AsyncEngine, refusal: TopologyActivationBlocked, *, tenant_id: str, seconds: float
) -> TopologyActivationBlocked:
    """Returns a refusal with up to twenty examples for each thing in wallets that is in the way.

    Each is looked for during so long; what is not found by then is told without.
    """
    blockers = [
        replace(each, examples=await find(engine, tenant_id, each.subject, kind, seconds))
        if (kind := KIND_BY_REASON.get(each.reason))
        else each
        for each in refusal.blockers
    ]
    return replace(refusal, blockers=tuple(blockers))


async def find(
    engine: AsyncEngine, tenant_id: str, code: str, kind: UsageKind, seconds: float
) -> tuple[str, ...]:
    """Returns the names of some things that refer to a bucket, or none where it takes too long."""
    reading = engine.execution_options(isolation_level="READ COMMITTED", postgresql_readonly=True)
    try:
        async with reading.connect() as connection:
            await limit_statements(connection, seconds)
            return await usage_examples.find(connection, tenant_id, code, kind, EXAMPLES_MAX)
    except Exception as error:
        if trouble_of(error) is Trouble.BROKEN:
            raise
        facts = {"bucket": code, "kind": kind.value, "error": type(error).__name__}
        logger.warning("found no examples", extra=facts)
        return ()
