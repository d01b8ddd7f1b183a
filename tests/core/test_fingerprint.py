"""Whether two commands are the same.

The values here are stored beside answers that hold for ever: one that changes turns
yesterday's retry into a mismatch.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import cast

import pytest

from tests.core.golden_fingerprints import BET, EUR, GOLDEN
from wallet_server.core.bets.bet import UNVERIFIED, ResultKind
from wallet_server.core.canonical import canonical_form
from wallet_server.core.commands import (
    COMMANDS,
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.fingerprint import fingerprint, is_same
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.task import Task


@pytest.mark.parametrize(("command", "recorded"), GOLDEN, ids=lambda value: type(value).__name__)
def test_a_fingerprint_never_changes(command: Command, recorded: str) -> None:
    assert fingerprint(command).hex() == recorded
    assert is_same(command, bytes.fromhex(recorded))


def test_every_command_has_a_golden_value() -> None:
    assert {type(command) for command, _ in GOLDEN} == set(COMMANDS)


def test_the_form_is_json_of_what_is_not_a_default() -> None:
    command = SettleBet(BET, 2, EUR, portion_ref="leg-1", result_kind=ResultKind.WON)
    canonical = (
        b'{"SettleBet":{"bet":{"bet_ref":"b1","provider_id":"acme-sports"},'
        b'"payout":{"asset_code":"EUR","minor_units":100},'
        b'"portion_ref":"leg-1","result_kind":"WON","result_version":2}}'
    )

    assert fingerprint(command) == b"\x01" + blake2b(canonical, digest_size=16).digest()


def test_other_content_has_another_fingerprint() -> None:
    others: list[Command] = [
        *(command for command, _ in GOLDEN),
        ApproveDeposit("d2", "sports_normal", EUR),
        ApproveDeposit("d1", "casino_normal", EUR),
        ApproveDeposit("d1", "sports_normal", Amount("USD", 100)),
        ApproveDeposit("d1", "sports_normal", Amount("EUR", 101)),
        AdjustBalance("sports_normal", EUR, "GOODWILL"),
        AuthorizeBet(BetKey("acme-sports", "b2"), EUR),
        AuthorizeBet(BetKey("lucky-slots", "b1"), EUR),
        AuthorizeBet(BET, EUR, round_ref="CASINO_BONUS"),
        AuthorizeBet(BET, EUR, selected_source="CASINO_BONUS"),
        SettleBet(BET, 1, Amount("EUR", 0), refund=Amount("EUR", 0)),
        SettleBet(BET, 1, Amount("EUR", 0), stake=Amount("EUR", 0)),
        SettleBet(BET, 1, Amount("EUR", 0), result_kind=ResultKind.LOST),
        UnsettleBet(BET, 3, ("",)),
        UnsettleBet(BET, 3, ("leg-1", "")),
    ]

    assert len({fingerprint(command) for command in others}) == len(others)


def test_the_name_of_a_command_is_part_of_it() -> None:
    @dataclass(frozen=True)
    class Closed:
        bet: BetKey

    @dataclass(frozen=True)
    class Opened:
        bet: BetKey

    closed, opened = cast("Command", Closed(BET)), cast("Command", Opened(BET))

    assert canonical_form(closed) == canonical_form(opened)
    assert fingerprint(closed) != fingerprint(opened)


def test_a_field_added_with_a_default_leaves_old_fingerprints_as_they_were() -> None:
    def yesterday() -> Command:
        @dataclass(frozen=True)
        class Settle:
            bet: BetKey
            payout: int

        return cast("Command", Settle(BET, 90))

    def today(**added: object) -> Command:
        @dataclass(frozen=True)
        class Settle:
            bet: BetKey
            payout: int
            jackpot: int = 0
            legs: tuple[str, ...] = ()
            kind: ResultKind | None = None

        return cast("Command", Settle(BET, 90, **added))  # pyright: ignore[reportArgumentType]

    recorded = fingerprint(yesterday())

    assert is_same(today(), recorded)
    assert is_same(today(jackpot=0, legs=(), kind=None), recorded)
    assert not is_same(today(jackpot=1), recorded)
    assert not is_same(today(legs=("a",)), recorded)
    assert not is_same(today(kind=ResultKind.LOST), recorded)


def test_who_asks_is_no_part_of_what_is_asked() -> None:
    command = AuthorizeBet(BET, EUR)
    ann, bob = WalletRef("demo", "ann", "EUR"), WalletRef("demo", "bob", "EUR")

    first = Task(ann, "request-1", command, correlation_id="flow-1")
    second = Task(bob, "request-2", command, correlation_id="flow-2")

    assert fingerprint(first.command) == fingerprint(second.command)


@pytest.mark.parametrize(
    ("command", "unverified"),
    [
        (SettleBet(BET, 2, EUR), SettleBet(BET, 2, EUR, ordering=UNVERIFIED)),
        (UnsettleBet(BET, 3), UnsettleBet(BET, 3, ordering=UNVERIFIED)),
    ],
)
def test_whose_word_the_order_is_is_no_part_of_what_is_asked(
    command: Command, unverified: Command
) -> None:
    """R6: identical content is always a replay."""
    assert command != unverified
    assert fingerprint(command) == fingerprint(unverified)


def test_a_form_that_this_release_does_not_know_is_a_fault() -> None:
    recorded = b"\x02" + fingerprint(OpenWallet())[1:]

    with pytest.raises(ValueError, match="unknown form of fingerprint: 02"):
        is_same(OpenWallet(), recorded)
