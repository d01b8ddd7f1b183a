"""Where to go on with a tenant: after the last of its events that the stream holds.

What is stored and what is noted of it cannot change at once, so the stream is asked, and what is
noted counts only where the stream holds nothing of the tenant.
"""

import logging
from typing import TYPE_CHECKING

from wallet_server.execution.relay.errors import UntoldError
from wallet_server.execution.relay.message import Published
from wallet_server.storage.events_read import find_head, read_events
from wallet_server.storage.readers import Readers

if TYPE_CHECKING:  # As in relay.py.
    from wallet_server.execution.relay.broker import Broker

logger = logging.getLogger(__name__)


async def find_position(broker: "Broker", readers: Readers, tenant_id: str, *, noted: int) -> int:
    """Returns the position after which to go on.

    Raises:
        UntoldError: The stream tells of events that the database does not have.
        BrokerError: NATS does not say.
    """
    published = await broker.find_last(tenant_id)
    if published is None:
        if noted:
            logger.warning("the stream has lost a tenant's events", extra={"tenant_id": tenant_id})
        return noted
    if not await is_known(readers, tenant_id, published):
        raise UntoldError(
            f"at position {published.position} the stream has event {published.event_id}, and the"
            " database has not; was it restored?"
        )
    if published.position < noted:
        logger.warning(
            "the stream has lost the last events of a tenant; they are published again",
            extra={"tenant_id": tenant_id, "after_position": published.position},
        )
    return published.position


async def is_known(readers: Readers, tenant_id: str, published: Published) -> bool:
    """Whether an event has its position here, too. One that retention has removed is believed."""
    head = await find_head(readers, tenant_id)
    if not head.has_reached(published.position):
        return False
    if published.position < head.first_position:
        return True
    page = await read_events(readers, tenant_id, after=published.position - 1, limit=1)
    return any(published.is_of(told) for told in page.events)
