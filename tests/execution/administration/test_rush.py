"""Activations and commands that meet all the time."""

import asyncio
from dataclasses import replace

from tests.execution.administration.versions import (
    GONE,
    PATIENT,
    WITHOUT_BONUS,
    Office,
    activate,
    blocked,
    promote,
)
from tests.execution.conftest import StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import Caller, outcomes, wallets_of
from wallet_server.core.commands import Command, ReversePromotion
from wallet_server.core.ids import WalletRef
from wallet_server.execution.administration.versions import VersionChange
from wallet_server.execution.errors import (
    ConfigurationChangingError,
    ContentionError,
    RefusedError,
)


async def send_until_told(
    caller: Caller, wallet: WalletRef, request_id: str, command: Command
) -> object:
    """Sends a command again while a topology changes. Returns the answer or what was raised."""
    while True:
        (told,) = await outcomes([caller.send(request_id, command, wallet)])
        if not isinstance(told, ConfigurationChangingError):
            return told


async def credit_and_take_back(caller: Caller, wallet: WalletRef, rounds_count: int) -> None:
    """Fills the bucket and empties it so often, or until it is gone."""
    for number in range(rounds_count):
        gift = replace(promote(), promotion_id=f"g{number}")
        credited = await send_until_told(caller, wallet, f"p{number}", gift)
        if isinstance(credited, RefusedError):
            assert credited.refusal == GONE
            return
        back = ReversePromotion(f"g{number}")
        taken = await send_until_told(caller, wallet, f"r{number}", back)
        assert not isinstance(taken, Exception), taken


async def activate_until_done(office: Office, approved: VersionChange) -> None:
    """Activates again and again while the bucket is in use."""
    while True:
        (told,) = await outcomes([activate(office, approved)])
        if isinstance(told, VersionChange):
            return
        if isinstance(told, RefusedError):
            assert [each[:2] for each in blocked(told)] == [("NONZERO_BALANCE", "bonus")]
        else:
            assert isinstance(told, ConfigurationChangingError | ContentionError)


async def test_nothing_is_lost_where_activations_and_commands_meet_all_the_time(
    office: Office, start_executor: StartExecutor, ledger: Ledger
) -> None:
    """Two servers fill and empty the bucket, while somebody tries to have it gone."""
    callers = [Caller(await start_executor(PATIENT)) for _ in range(2)]
    wallets = wallets_of(6)
    await callers[0].open(*wallets)
    approved = await office.approved(WITHOUT_BONUS)

    await asyncio.gather(
        activate_until_done(office, approved),
        *(credit_and_take_back(callers[i % 2], w, 12) for i, w in enumerate(wallets)),
    )

    in_use = "SELECT count(*) FROM wallets WHERE 100 = ANY (balances)"
    assert await office.value(in_use) == 0
    for wallet in wallets:
        late = await send_until_told(callers[0], wallet, "late", promote())
        assert isinstance(late, RefusedError)
        assert late.refusal == GONE
    assert await ledger.differences() == []
