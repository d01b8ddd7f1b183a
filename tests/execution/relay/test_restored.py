"""A database that was restored under a relay: what it tells since is not added to what was told."""

import pytest

from tests.events import Outbox
from tests.execution.relay.conftest import Relays, relay_all, tenant_of
from wallet_server.core.ids import WalletRef
from wallet_server.execution.relay import relay as relay_module
from wallet_server.execution.relay.relay import Relay

ANN, BEN = WalletRef("demo", "ann", "EUR"), WalletRef("demo", "ben", "EUR")
CAT = WalletRef("other", "cat", "EUR")


async def restore(relays: Relays) -> None:
    """Makes the database forget the last event of a tenant."""
    await relays.connection.execute("DELETE FROM events WHERE tenant_id = 'demo' AND position = 3")
    await relays.connection.execute("UPDATE event_heads SET position = 2 WHERE tenant_id = 'demo'")


async def check_halted(relays: Relays, relay: Relay) -> None:
    """Only what was told before the database was restored is in the stream, and of others all."""
    assert relay.statistics.halted_tenants == 1
    tenants = [tenant_of(each, relays.stream) for each in await relays.published()]
    assert (tenants.count("demo"), tenants.count("other")) == (3, 5)


async def test_a_tenant_that_went_back_is_halted(relays: Relays) -> None:
    relay = await relays.make()
    await relays.record(ANN, CAT, times=3)
    await relay_all(relay)

    await restore(relays)
    await relay_all(relay)
    await relays.record(BEN, CAT, times=2)
    await relay_all(relay)

    await check_halted(relays, relay)


async def test_a_tenant_that_went_back_while_the_database_was_away_is_halted(
    relays: Relays, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = await relays.make()
    await relays.record(ANN, CAT, times=3)
    await relay_all(relay)

    with monkeypatch.context() as away:
        away.setattr(relay_module, "find_all_heads", away_from_here)
        with pytest.raises(ConnectionError):
            await relay.relay_some()
        await restore(relays)
        await relays.record(BEN, CAT, times=2)
    await relay_all(relay)

    await check_halted(relays, relay)


async def test_another_event_of_the_same_name_in_the_same_place_halts_its_tenant(
    relays: Relays,
) -> None:
    await relays.record(ANN, CAT, times=3)
    await relay_all(await relays.make())

    # What the database forgot, the wallet does again otherwise: its third event is the third again.
    await restore(relays)
    relays.outbox, relays.seconds = Outbox(relays.connection, {ANN: 2, CAT: 3}), 900
    await relays.record(ANN)
    await relays.record(CAT, times=2)
    relay = await relays.make()
    await relay_all(relay)

    await check_halted(relays, relay)


async def away_from_here(_: object) -> None:
    """Does as a database that cannot be reached."""
    raise ConnectionRefusedError
