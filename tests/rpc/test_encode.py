"""Values, as the messages that tell of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from tests.rpc.policies import PROFILE, WALLET_POLICY, policy, stored
from tests.rpc.values import (
    BET,
    ENTRY,
    GRANT,
    REF,
    REQUIREMENT,
    ROUND,
    SNAPSHOT,
    TIME,
    TOPOLOGY,
    WIN,
)
from wallet.v1.bet_pb2 import RESULT_ORDERING_UNSPECIFIED
from wallet_server.core.accounts import Account
from wallet_server.core.bets.bet import UNVERIFIED, Bet, BetState
from wallet_server.core.bets.explanation import ConsideredSource, FundingExplanation
from wallet_server.core.cashier.withdrawable import (
    LockReason,
    WithdrawableMoney,
    WithdrawablePart,
)
from wallet_server.core.config.configuration import Versioned
from wallet_server.core.config.policy import (
    AutoOrder,
    PlayerSelected,
    Proportional,
    SelectableSource,
    WeightedSource,
)
from wallet_server.core.coupons.grant import CouponState, CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item
from wallet_server.core.wallet import Wallet
from wallet_server.rpc.encode.bets import encode_bet
from wallet_server.rpc.encode.coupons import encode_coupon
from wallet_server.rpc.encode.entries import encode_entry
from wallet_server.rpc.encode.explanations import encode_explanation
from wallet_server.rpc.encode.policies import encode_policy, encode_provider_profile
from wallet_server.rpc.encode.rolling import encode_requirement
from wallet_server.rpc.encode.rounds import encode_round, encode_win
from wallet_server.rpc.encode.topologies import encode_topology
from wallet_server.rpc.encode.values import timestamp
from wallet_server.rpc.encode.wallet_policies import encode_wallet_policy
from wallet_server.rpc.encode.wallets import encode_wallet

T = TypeVar("T")


def unset_fields(message: Message, path: str = "") -> Iterator[str]:
    """Yields the fields that a message leaves out; of a oneof, one is enough."""
    present = {field.name: value for field, value in message.ListFields()}
    chosen = {oneof.name for oneof in message.DESCRIPTOR.oneofs if message.WhichOneof(oneof.name)}
    for field in message.DESCRIPTOR.fields:
        if field.name not in present:
            if field.containing_oneof is None or field.containing_oneof.name not in chosen:
                yield path + field.name
        elif field.message_type and not field.message_type.GetOptions().map_entry:
            value = present[field.name]
            for each in value if field.is_repeated else [value]:
                yield from unset_fields(each, f"{path}{field.name}.")


def wallet_of(*items: Item, **balances: int) -> Wallet:
    held = balances or {"cpn:g1": 12, "open:cpn:g1": 8}
    return Wallet(
        REF,
        sequence=9,
        create_time=TIME,
        update_time=TIME,
        balances={Account(account): balance for account, balance in held.items()},
        items={item.key: item for item in items},
    )


@pytest.mark.parametrize(
    ("message", "zero"),
    [
        (encode_bet(BET, "EUR"), {"funding_lines.coupon"}),
        (encode_coupon(GRANT, wallet_of(GRANT)), set[str]()),
        (encode_requirement(REQUIREMENT), set[str]()),
        (encode_round(ROUND), set[str]()),
        (encode_win(WIN, "EUR"), set[str]()),
        (encode_entry(ENTRY), {"changes.balance_after"}),
        (encode_topology(stored(TOPOLOGY)), {"buckets.asset_code", "buckets.depositable", "buckets.promo_creditable", "buckets.adjustable", "buckets.display_name", "yaml"}),
        (encode_policy(stored(policy(AutoOrder(("cash",))))), {"yaml"}),
        (encode_policy(stored(policy(PlayerSelected((SelectableSource("CASH", ("cash",)),))))), {"yaml"}),
        (encode_policy(stored(policy(Proportional((WeightedSource("cash", 2),))))), {"yaml"}),
        (encode_wallet_policy(stored(WALLET_POLICY)), {"yaml"}),
        (encode_provider_profile(stored(PROFILE)), {"yaml"}),
        (
            encode_explanation(
                FundingExplanation(7, "SPORTS", SNAPSHOT, BET.lines, (ConsideredSource("cash", 9, "min_odds"),), BET.refusal), "EUR"
            ),
            {"funding_lines.coupon"},
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Message) else "",
)  # fmt: skip
def test_nothing_is_left_out(message: Message, zero: set[str]) -> None:
    assert set(unset_fields(message)) == zero


def test_a_bet_is_told_in_full() -> None:
    line = {"destinations": {"stakeTarget": "cash", "profitTarget": "cash", "profitCap": "500"}}

    assert MessageToDict(encode_bet(BET, "EUR")) == {
        "providerId": "acme",
        "betRef": "b1",
        "roundRef": "t1",
        "providerType": "SPORTS",
        "stake": {"assetCode": "EUR", "minorUnits": "100"},
        "fundingLines": [
            {
                "source": "cpn:g1",
                "amount": {"assetCode": "EUR", "minorUnits": "20"},
                "coupon": {
                    "grantId": "g1",
                    "voidBehavior": "VOID_BEHAVIOR_CONSUME",
                    "cashOutAllowed": True,
                    "remainder": "3",
                },
                **line,
            },
            {"source": "cash", "amount": {"assetCode": "EUR", "minorUnits": "80"}, **line},
        ],
        "snapshot": {
            "topologyVersion": "1",
            "policyVersion": "3",
            "providerProfileVersion": "4",
            "walletPolicyVersion": "2",
            "payoutBasis": "PAYOUT_BASIS_NET_OF_FREEBET",
            "rollbackAfterSettle": True,
            "correctionShortfall": "CORRECTION_SHORTFALL_REJECT",
            "recoveryScope": "RECOVERY_SCOPE_GROUP",
            "recoveryOrder": ["cash", "spare"],
            "rolling": {
                "weightBp": 5_000,
                "oddsMilliMin": 1_500,
                "excludedGameIds": ["loop"],
                "countsCashOuts": True,
                "parallel": True,
            },
            "couponGraceSeconds": 60,
        },
        "state": "BET_STATE_SETTLED",
        "revision": "2",
        "portions": [
            {
                "portionRef": "half",
                "stake": {"assetCode": "EUR", "minorUnits": "100"},
                "stakeShares": ["20", "80"],
                "resultVersion": "3",
                "payout": {"assetCode": "EUR", "minorUnits": "210"},
                "refund": {"assetCode": "EUR", "minorUnits": "10"},
                "resultKind": "RESULT_KIND_WON",
                "ordering": "RESULT_ORDERING_UNVERIFIED",
            }
        ],
        "resultKind": "RESULT_KIND_WON",
        "substitutions": [
            {
                "source": "bkt:cash",
                "target": "bkt:bonus",
                "amount": {"assetCode": "EUR", "minorUnits": "5"},
            }
        ],
        "refusal": {
            "reason": "INSUFFICIENT_FUNDS",
            "message": "1 available, 2 required",
            "metadata": {"required": "2", "available": "1"},
            "code": 9,
        },
        "createTime": "2026-01-02T03:04:05.678901Z",
        "sequence": "7",
        "selectedSource": "CASH",
        "couponGrantId": "g1",
        "freeRound": True,
        "context": {
            "gameId": "roulette",
            "sport": "soccer",
            "competition": "cup",
            "betType": "single",
            "legs": 2,
            "oddsMilli": 1500,
        },
        "contributions": [{"line": 1, "requirementId": "PROMOTION:p1", "counted": "80"}],
        "replanned": {"bonus": "cash"},
        "unsettledVersions": {"gone": "4"},
    }


def test_a_result_in_the_providers_order_says_nothing_of_it() -> None:
    (portion,) = encode_bet(replace(BET, orderings={"gone": UNVERIFIED}), "EUR").portions

    assert portion.ordering == RESULT_ORDERING_UNSPECIFIED


def test_a_tombstone_has_no_stake_and_no_snapshot() -> None:
    tombstone = Bet(BetKey("acme", "b1"), BetState.TOMBSTONED, 7, TIME)

    assert MessageToDict(encode_bet(tombstone, "EUR")) == {
        "providerId": "acme",
        "betRef": "b1",
        "state": "BET_STATE_TOMBSTONED",
        "revision": "1",
        "createTime": "2026-01-02T03:04:05.678901Z",
        "sequence": "7",
    }


def test_the_stake_of_a_free_round_is_told_though_it_is_nothing() -> None:
    free = Bet(BetKey("acme", "b1"), BetState.AUTHORIZED, 7, TIME, free_round=True)

    message = encode_bet(free, "EUR")

    assert message.HasField("stake")
    assert (message.stake.asset_code, message.stake.minor_units) == ("EUR", 0)


def test_a_balance_of_nothing_is_told_apart_from_none() -> None:
    player, house = encode_entry(ENTRY).changes

    assert (player.HasField("balance_after"), player.balance_after) == (True, 0)
    assert not house.HasField("balance_after")


def test_a_wallet_shows_the_topologys_buckets_and_then_others_that_hold_something() -> None:
    balances = {"bkt:cash": 5, "open:old": 3, "bkt:ancient": 2, "bkt:spent": 0, "DEBT:EUR": -46}
    wallet = Wallet(
        REF,
        sequence=9,
        create_time=TIME,
        update_time=TIME,
        balances={Account(account): balance for account, balance in balances.items()},
        frozen_buckets=frozenset({"cash"}),
    )

    cash = WithdrawablePart("cash", 5, LockReason.BUCKET_FROZEN)
    message = encode_wallet(wallet, Versioned(4, TOPOLOGY), WithdrawableMoney((cash,)))

    shown = [
        (b.code, b.wallet_group, b.balance.asset_code, b.balance.minor_units, b.open_stake.minor_units, b.frozen)
        for b in message.buckets
    ]  # fmt: skip
    assert shown == [
        ("points", "sports", "PTS", 0, 0, False),
        ("cash", "sports", "EUR", 5, 0, True),
        ("ancient", "", "EUR", 2, 0, False),
        ("old", "", "EUR", 0, 3, False),
    ]
    assert [(debt.asset_code, debt.minor_units) for debt in message.debts] == [("EUR", 46)]
    assert (message.sequence, message.topology_version) == (9, 4)


def test_a_wallet_shows_its_live_coupons_and_requirements_and_then_what_is_still_open() -> None:
    over = replace(GRANT, grant_id="g0", state=CouponState.REVOKED, sequence=2)
    later = replace(GRANT, grant_id="g2", sequence=9)
    items = (over, later, GRANT, REQUIREMENT, ROUND)
    balances = {"cpn:g1": 12, "open:cpn:g1": 8, "open:cpn:g0": 30, "cpn:g2": 50}

    message = encode_wallet(
        wallet_of(*items, **balances), Versioned(4, TOPOLOGY), WithdrawableMoney(())
    )

    shown = [
        (c.grant_id, c.remaining.minor_units, c.open_stake.minor_units) for c in message.coupons
    ]
    assert shown == [("g1", 12, 8), ("g2", 50, 0), ("g0", 0, 30)]
    assert [each.requirement_id for each in message.requirements] == ["PROMOTION:p1"]
    assert [each.code for each in message.buckets] == ["points", "cash"]


def test_a_coupon_without_limits_has_none() -> None:
    terms = encode_coupon(replace(GRANT, terms=CouponTerms("cash")), wallet_of()).terms

    assert MessageToDict(terms) == {
        "profitTarget": "cash",
        "useMode": "COUPON_USE_MODE_PARTIAL_OK",
        "voidBehavior": "VOID_BEHAVIOR_RETURN",
    }


@pytest.mark.parametrize(
    "time",
    [
        TIME,
        TIME.replace(microsecond=999_999),
        datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
        TIME + timedelta(microseconds=1),
    ],
)
def test_a_time_is_exact_to_the_microsecond(time: datetime) -> None:
    assert timestamp(time).ToDatetime(UTC) == time
