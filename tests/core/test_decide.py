"""Opening wallets, and commands for wallets that are not open."""

import pytest

from tests.core.rules import configuration
from tests.core.world import START, World
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.decide import decide
from wallet_server.core.decision import Change, Outcome
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.refusals import CurrencyMismatch, CurrencyNotSupported, WalletNotFound

BET = BetKey("sports", "b1")
EUR, USD = Amount("EUR", 10), Amount("USD", 10)


@pytest.mark.parametrize(
    "command",
    [
        ApproveDeposit("d1", "SN", EUR),
        AdjustBalance("SN", EUR, "TEST"),
        AuthorizeBet(BET, EUR),
        SettleBet(BET, 1, EUR),
        UnsettleBet(BET, 1),
        RollbackTransaction(BET),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_wallet_must_be_opened_first(command: Command) -> None:
    ref = WalletRef("demo", "ann", "EUR")

    assert decide(command, ref, None, configuration(), START) == WalletNotFound(
        "demo", "ann", "EUR"
    )


def test_a_wallet_is_opened_in_a_currency_that_the_topology_has() -> None:
    def opened(currency_code: str) -> object:
        return decide(
            OpenWallet(), WalletRef("demo", "ann", currency_code), None, configuration(), START
        )

    assert opened("EUR") == Change(Outcome.APPLIED)
    assert opened("USD") == Change(Outcome.APPLIED)
    assert opened("SEK") == CurrencyNotSupported("SEK")
    assert opened("PTS") == CurrencyNotSupported("PTS")


def test_opening_an_open_wallet_changes_nothing() -> None:
    world = World("SN 10")

    assert world.run(OpenWallet()) == "ALREADY_APPLIED"
    assert world.balances == {"SN": 10}


@pytest.mark.parametrize(
    ("field", "command"),
    [
        ("amount", ApproveDeposit("d1", "SN", USD)),
        ("amount", AdjustBalance("SN", USD, "TEST")),
        ("stake", AuthorizeBet(BetKey("nobody", "b2"), USD)),
        ("payout", SettleBet(BetKey("nobody", "b2"), 1, USD)),
        ("payout", SettleBet(BET, 1, USD, stake=USD, refund=USD)),
        ("stake", SettleBet(BET, 1, EUR, stake=USD, refund=USD)),
        ("refund", SettleBet(BET, 1, EUR, stake=EUR, refund=USD)),
        ("amount", RollbackTransaction(BetKey("sports", "unknown"), USD)),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_foreign_amount_is_refused_before_anything_else_and_not_recorded(
    field: str, command: Command
) -> None:
    world = World("SN 100")
    world.authorize(10)
    before = world.wallet

    assert world.run(command) == "CURRENCY_MISMATCH"
    assert world.refusal == CurrencyMismatch(field, "EUR", "USD")
    assert world.wallet == before


def test_points_are_deposited_and_adjusted_as_points() -> None:
    world = World("PT 5")

    assert world.run(AdjustBalance("PT", EUR, "TEST")) == "CURRENCY_MISMATCH"
    assert world.run(AdjustBalance("PT", Amount("PTS", 10), "TEST")) == "APPLIED"
    assert world.entry.asset_code == "PTS"
    assert world.balances == {"PT": 15}
