"""What is checked of coupons and requirements finds what it is there to find."""

import pytest

from wallet.v1.bet_pb2 import Bet, CouponLine, FundingLine
from wallet.v1.coupon_pb2 import CouponGrant, CouponTerms
from wallet.v1.money_pb2 import Money
from wallet.v1.rolling_pb2 import Contribution, Requirement, RollingTerms
from wallet.v1.wallet_commands_pb2 import (
    CreditWinRequest,
    PlayRoundRequest,
    RollbackRoundRequest,
    RoundBet,
)
from wallet.v1.wallet_pb2 import Bucket, Wallet, WalletRef
from wallet_server.conformance.accounts import account_balances
from wallet_server.conformance.invariants_items import find_item_violations
from wallet_server.conformance.observing import bet_names_of
from wallet_server.conformance.recording import BetName, WalletReading


def eur(minor_units: int) -> Money:
    return Money(asset_code="EUR", minor_units=minor_units)


def wallet() -> Wallet:
    return Wallet(
        buckets=[Bucket(code="cash", balance=eur(5), open_stake=eur(0))],
        coupons=[
            CouponGrant(
                grant_id="C1",
                amount=eur(50),
                remaining=eur(20),
                open_stake=eur(30),
                use_count=1,
                terms=CouponTerms(uses_max=1),
            )
        ],
        requirements=[
            Requirement(
                requirement_id="R1",
                required=eur(100),
                progress=eur(30),
                remaining=eur(70),
                released=eur(10),
                terms=RollingTerms(conversion_cap=10),
            )
        ],
    )


def bet() -> Bet:
    return Bet(
        funding_lines=[FundingLine(source="cpn:C1", coupon=CouponLine(grant_id="C1"))],
        contributions=[Contribution(requirement_id="R1", counted=30)],
    )


def reading_of(shown: Wallet) -> WalletReading:
    return WalletReading(WalletRef(), shown, bets={BetName(("p", "b1")): bet()})


def test_what_is_as_it_should_be_is_left_alone() -> None:
    assert find_item_violations(reading_of(wallet())) == []


@pytest.mark.parametrize(
    ("invariant", "kind", "field", "value"),
    [
        ("I23", "coupons", "remaining", 21),
        ("I25", "coupons", "use_count", 2),
        ("I28", "requirements", "progress", 31),
        ("I28", "requirements", "remaining", 71),
        ("I30", "requirements", "released", 11),
    ],
)
def test_harm_is_found(invariant: str, kind: str, field: str, value: int) -> None:
    shown = wallet()
    [item] = getattr(shown, kind)

    if isinstance(getattr(item, field), Money):
        getattr(item, field).minor_units = value
    else:
        setattr(item, field, value)

    assert any(f"{invariant}: " in each for each in find_item_violations(reading_of(shown)))


def test_the_books_of_a_wallet_have_its_coupons() -> None:
    assert account_balances(wallet()) == {"bkt:cash": 5, "cpn:C1": 20, "open:cpn:C1": 30}


def test_the_bets_of_a_round_are_looked_for() -> None:
    play = PlayRoundRequest(provider_id="p", bets=[RoundBet(bet_ref="b1"), RoundBet(bet_ref="b2")])
    undo = RollbackRoundRequest(provider_id="p", transaction_refs=["b3"])
    win = CreditWinRequest(provider_id="p", win_ref="w1")

    assert [*bet_names_of(play)] == [("p", "b1"), ("p", "b2")]
    assert [*bet_names_of(undo)] == [("p", "b3")]
    assert [*bet_names_of(win)] == []
