"""Many commands are decoded and encoded in turns, between which the loop does other work."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterator
from itertools import count

from tests.rpc.batches import batch_of
from tests.rpc.bets import bet
from wallet_server.execution.errors import OverloadedError
from wallet_server.execution.submission import Submission
from wallet_server.rpc.command_batch import Origin, decode_all, encode_all
from wallet_server.rpc.turns import TURN_SECONDS, Turns

COMMANDS_COUNT = 30
COMMANDS = batch_of(*(bet(f"r{each}", 1) for each in range(COMMANDS_COUNT))).commands
SLOW, QUICK = TURN_SECONDS * 1.5, TURN_SECONDS / COMMANDS_COUNT / 2
"""What a command takes by the clock: more than a turn, or so little that one turn does for all."""


def turns(step_seconds: float) -> Turns:
    """Goes by a clock that moves on whenever somebody looks."""
    readings: Iterator[float] = (number * step_seconds for number in count())
    return Turns(lambda: next(readings))


async def passes_during(work: Awaitable[object]) -> int:
    """Returns how often other work came to its turn."""
    passes = 0

    async def other() -> None:
        nonlocal passes
        while True:
            passes += 1
            await asyncio.sleep(0)

    others = asyncio.create_task(other())
    await work
    others.cancel()
    return passes


async def test_others_go_on_while_many_commands_are_decoded() -> None:
    origin = Origin("c1", None)

    assert await passes_during(decode_all(COMMANDS, origin, turns(SLOW))) == COMMANDS_COUNT
    assert await passes_during(decode_all(COMMANDS, origin, turns(QUICK))) == 0


async def test_others_go_on_while_many_results_are_encoded() -> None:
    outcomes = [OverloadedError()] * COMMANDS_COUNT

    assert (
        await passes_during(encode_all(COMMANDS, outcomes, turns(SLOW), Counter()))
        == COMMANDS_COUNT
    )
    assert await passes_during(encode_all(COMMANDS, outcomes, turns(QUICK), Counter())) == 0


async def test_what_is_decoded_in_turns_comes_in_its_order() -> None:
    decoded = await decode_all(COMMANDS, Origin("c1", None), turns(SLOW))

    names = [each.request_id for each in decoded if isinstance(each, Submission)]
    assert names == [f"r{each}" for each in range(COMMANDS_COUNT)]
