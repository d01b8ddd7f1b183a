"""Reads the events of a wallet, which are told some moments after its commands are answered."""

import asyncio

from wallet.v1.event_pb2 import Event
from wallet.v1.wallet_events_pb2 import EventFilter, ListEventsRequest, ListEventsResponse
from wallet.v1.wallet_pb2 import Wallet
from wallet_server.conformance.calling import Caller

PAGE_SIZE = 7  # Small, so that a scenario of some length turns pages.

PATIENCE_SECONDS = 30.0
"""How long it may take until everything is told that has happened."""

PAUSE_SECONDS = 0.02


class UntoldError(Exception):
    """Not all that has happened is told, or it cannot be read."""


async def list_events(wallet: Wallet, caller: Caller) -> list[Event]:
    """Returns the events of a wallet, up to those of the command that it was read after."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    ref = wallet.wallet
    wanted = EventFilter(player_id=ref.player_id, currency_code=ref.currency_code)
    request = ListEventsRequest(tenant_id=ref.tenant_id, filter=wanted, page_size=PAGE_SIZE)
    events: list[Event] = []
    while True:
        reply = await caller.call("WalletEvents.ListEvents", request)
        if not isinstance(reply.response, ListEventsResponse):
            raise UntoldError(f"ListEvents: {reply}")
        events += reply.response.events
        request.after_position = reply.response.position
        if not reply.response.at_end:
            continue
        if events and events[-1].wallet_sequence >= wallet.sequence:
            return events
        if asyncio.get_running_loop().time() > deadline:
            raise UntoldError(f"ListEvents: {len(events)} events of {ref.player_id}, no more")
        await asyncio.sleep(PAUSE_SECONDS)
