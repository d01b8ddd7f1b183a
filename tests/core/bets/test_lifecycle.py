"""Every step a bet may take from one state to another, and every one it may not."""

from dataclasses import replace

import pytest

from tests.core.world import World
from wallet_server.core.bets.bet import BetState

STEPS = """
    from               authorize       settle_part         settle_rest         unsettle            roll_back
    unknown            AUTHORIZED      BET_NOT_FOUND       BET_NOT_FOUND       BET_NOT_FOUND       TOMBSTONED
    AUTHORIZED         REPLAYED        PARTIALLY_SETTLED   SETTLED             ILLEGAL_TRANSITION  ROLLED_BACK
    PARTIALLY_SETTLED  REPLAYED        PARTIALLY_SETTLED   SETTLED             ILLEGAL_TRANSITION  ROLLED_BACK
    SETTLED            REPLAYED        PORTION_TOO_LARGE   SETTLED             AUTHORIZED          ROLLED_BACK
    ROLLED_BACK        REPLAYED        BET_ROLLED_BACK     BET_ROLLED_BACK     BET_ROLLED_BACK     ALREADY_ROLLED_BACK
    DECLINED           REPLAYED        ILLEGAL_TRANSITION  ILLEGAL_TRANSITION  ILLEGAL_TRANSITION  PARENT_DECLINED
    TOMBSTONED         BET_TOMBSTONED  BET_ROLLED_BACK     BET_ROLLED_BACK     BET_ROLLED_BACK     ALREADY_ROLLED_BACK
"""
"""The state that a command leaves a bet in, or why it does not."""

HEAD, *LINES = [line.split() for line in STEPS.strip().splitlines()]
CASES = [
    (line[0], command, expected)
    for line in LINES
    for command, expected in zip(HEAD[1:], line[1:], strict=True)
]


def world_in(state: str) -> World:
    """Returns a wallet whose bet is in a state."""
    world = World("SN 1000")
    if state == "TOMBSTONED":
        world.roll_back()
    elif state != "unknown":
        world.authorize(5000 if state == "DECLINED" else 100)
    if state == "PARTIALLY_SETTLED":
        world.settle(10, portion="first", stake=20)
    elif state == "SETTLED":
        world.settle(90)
    elif state == "ROLLED_BACK":
        world.roll_back()
    return world


def take(world: World, step: str) -> str:
    match step:
        case "authorize":
            stake = world.bet().stake if world.wallet.bets else 0
            return world.authorize(stake or 100)
        case "settle_part":
            return world.settle(5, version=9, portion="part", stake=30)
        case "settle_rest":
            return world.settle(50, version=9)
        case "unsettle":
            return world.unsettle(9)
        case _:
            return world.roll_back()


@pytest.mark.parametrize(("state", "command", "expected"), CASES)
def test_a_command_leads_from_one_state_to_another(state: str, command: str, expected: str) -> None:
    world = world_in(state)
    before = dict(world.wallet.bets), world.balances
    if before[0]:
        assert world.bet().state.value == state

    outcome = take(world, command)

    if expected in {state.value for state in BetState}:
        assert outcome == ("TOMBSTONED" if expected == "TOMBSTONED" else "APPLIED")
        assert world.bet().state.value == expected
    else:
        assert outcome.partition(" ")[0] == expected
        bets = dict(before[0])
        if expected == "PARENT_DECLINED":  # Remembered, so that it is never tried again.
            bets = {key: replace(bet, revision=2) for key, bet in bets.items()}
        assert (world.wallet.bets, world.balances) == (bets, before[1])


def test_a_part_of_a_settled_bet_may_be_unsettled() -> None:
    world = world_in("PARTIALLY_SETTLED")
    world.settle(90)

    assert world.unsettle(2, "first") == "APPLIED"
    assert world.bet().state.value == "PARTIALLY_SETTLED"
