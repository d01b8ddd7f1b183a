"""What a watcher hears, for as long as a test wants to listen."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from wallet_server.core.events.reading import ALL_EVENTS, EventFilter
from wallet_server.execution.watching.hub import Hub
from wallet_server.execution.watching.watch import Start, Told, Watch

FROM_THE_FIRST = Start(after=0)


@dataclass
class Heard:
    """The positions of the events that were heard, and how far the watcher was at last."""

    positions: list[int] = field(default_factory=list[int])
    reached: list[int] = field(default_factory=list[int])

    def add(self, told: Told) -> None:
        """Notes what was told."""
        self.positions += map(int, told.events)
        self.reached.append(told.position)


def told_by(
    hub: Hub,
    tenant_id: str = "demo",
    *,
    start: Start = FROM_THE_FIRST,
    wanted: EventFilter = ALL_EVENTS,
) -> AsyncGenerator[Told]:
    """Returns what a watcher is told."""
    return Watch(hub, tenant_id, wanted).told(start)


async def hear(stream: AsyncGenerator[Told], *, until: int) -> Heard:
    """Listens until the watcher has come as far as a position, and then leaves."""
    heard = Heard()
    async with aclosing(stream):
        async for told in stream:
            heard.add(told)
            if told.position >= until:
                break
    return heard
