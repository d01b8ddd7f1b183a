"""What is always checked finds what it is there to find."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conformance_runner.files import path_of, read
from wallet_server.conformance.invariants import find_violations
from wallet_server.conformance.own_target import OwnTarget
from wallet_server.conformance.playing import play
from wallet_server.conformance.recording import BetName, Recording, WalletReading

BET = BetName(("acme-sports", "b1"))


def reading_of(recording: Recording) -> WalletReading:
    return recording.readings["alice"]


def unbalance(reading: WalletReading) -> None:
    reading.entries[-1].changes[0].change += 1


def forget_an_entry(reading: WalletReading) -> None:
    assert isinstance(reading.entries, list)
    reading.entries.pop()


def swap_entries(reading: WalletReading) -> None:
    assert isinstance(reading.entries, list)
    reading.entries.reverse()


def lose_an_answer(reading: WalletReading) -> None:
    assert isinstance(reading.answers, dict)
    reading.answers["steps[1]"] = None


def tell_another_answer(reading: WalletReading) -> None:
    answer = reading.answers["steps[1]"]
    assert answer is not None
    answer.settle_bet.bet.revision += 1


def tell_another_balance_after(reading: WalletReading) -> None:
    reading.entries[-1].changes[0].balance_after += 1


def tell_another_balance(reading: WalletReading) -> None:
    assert reading.wallet is not None
    reading.wallet.buckets[0].balance.minor_units += 1


def open_stake_from_nowhere(reading: WalletReading) -> None:
    bet = reading.bets[BET]
    assert bet is not None
    bet.portions.pop()


def lose_a_funding_line(reading: WalletReading) -> None:
    bet = reading.bets[BET]
    assert bet is not None
    bet.funding_lines.pop()


def lose_a_command(reading: WalletReading) -> None:
    assert reading.wallet is not None
    reading.wallet.sequence += 1


@pytest.mark.parametrize(
    ("invariant", "harm"),
    [
        ("I1", unbalance),
        ("I3", unbalance),
        ("I3", forget_an_entry),
        ("I7", swap_entries),
        ("I6", lose_an_answer),
        ("I7", lose_an_answer),
        ("I7", lose_a_command),
        ("I46", lose_an_answer),
        ("I46", tell_another_answer),
        ("I3", tell_another_balance_after),
        ("I3", tell_another_balance),
        ("I14", open_stake_from_nowhere),
        ("I11", lose_a_funding_line),
    ],
)
async def test_harm_is_found(
    invariant: str, harm: Callable[[WalletReading], None], target: OwnTarget
) -> None:
    recording = await play(read(path_of("E31")), target)
    assert find_violations(recording) == []

    harm(reading_of(recording))

    assert any(f"{invariant}: " in each for each in find_violations(recording))


async def test_entries_of_a_bet_that_was_declined_are_found(target: OwnTarget) -> None:
    recording = await play(read(path_of("E24")), target)
    declined = reading_of(recording)
    stray = type(declined.entries[0])()
    stray.CopyFrom(declined.entries[0])
    stray.provider_id, stray.bet_ref = "lucky-slots", "r4"

    harmed = replace(declined, entries=[*declined.entries, stray])

    found = find_violations(replace(recording, readings={"alice": harmed}))
    assert "invariants.alice: bet r4: I17: it has entries" in found
