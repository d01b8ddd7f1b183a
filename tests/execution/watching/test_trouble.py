"""What one tenant's trouble is to those who watch others."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.execution.watching.conftest import StartHub
from tests.execution.watching.hearing import hear, told_by
from tests.told import Teller, many, told
from wallet_server.execution.watching.watch import NOW

PATIENCE_SECONDS = 30

UNKNOWN = SimpleNamespace(value="OF_A_LATER_RELEASE")


async def test_an_event_that_this_release_does_not_know_is_trouble_for_its_tenant_alone(
    teller: Teller, start_hub: StartHub
) -> None:
    for tenant_id in ("acme", "demo"):
        await teller.tell(many(range(1, 3), tenant_id=tenant_id))
    hub = await start_hub()
    troubled, others = told_by(hub, "acme", start=NOW), told_by(hub, "demo", start=NOW)
    unknown = replace(told(3, tenant_id="acme"), type=UNKNOWN)
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(troubled):
        await anext(others)
        await anext(troubled)

        await teller.tell([unknown])

        with pytest.raises(ValueError, match="OF_A_LATER_RELEASE"):
            await anext(troubled)
        await teller.tell(many(range(3, 5), tenant_id="demo"))
        assert (await hear(others, until=4)).positions == [3, 4]


async def test_who_wants_nothing_of_what_this_release_does_not_know_may_join(
    teller: Teller, start_hub: StartHub
) -> None:
    await teller.tell([*many(range(1, 3)), replace(told(3), type=UNKNOWN)])
    hub = await start_hub()
    stream = told_by(hub, start=NOW)
    first = await anext(stream)

    await teller.tell([told(4)])

    assert (first.position, (await hear(stream, until=4)).positions) == (3, [4])
