"""Policies and profiles, as the messages that tell of them."""

from google.protobuf.json_format import MessageToDict

from tests.rpc.policies import WALLET_POLICY, policy, stored
from wallet_server.core.config.policy import AutoOrder, Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.rpc.encode.policies import encode_policy, encode_provider_profile
from wallet_server.rpc.encode.wallet_policies import encode_wallet_policy


def test_a_policy_is_told_with_what_its_bets_count_and_where_other_wins_go() -> None:
    message = MessageToDict(encode_policy(stored(policy(AutoOrder(("COUPON", "cash"))))))

    assert message["autoOrder"] == {"order": ["COUPON", "cash"]}
    assert message["coupons"] == {"perBetMax": 1}
    assert message["rolling"]["weightBp"] == 5_000
    assert message["winDestinations"] == [
        {
            "kind": "WIN_KIND_JACKPOT",
            "target": "cash",
            "rolling": {
                "multiplierBp": "50000",
                "releaseTarget": "cash",
                "conversionCap": "900",
                "releaseMode": "RELEASE_MODE_AUTOMATIC",
                "groupWide": True,
                "providerTypes": ["SPORTS"],
                "expiresAfterSeconds": 86_400,
            },
        }
    ]


def test_a_wallet_policy_is_told_with_the_cashiers_rules() -> None:
    message = MessageToDict(encode_wallet_policy(stored(WALLET_POLICY)))

    assert message["debtBlocksBets"] is True
    assert message["deposits"] == {
        "methodsApprovedAtOnce": ["cash"],
        "expiresAfterSeconds": 60,
        "recyclesPayouts": True,
    }
    assert message["withdrawals"] == {
        "minimum": "10",
        "maximum": "900",
        "pendingMax": 2,
        "bonus": "BONUS_ON_WITHDRAWAL_FORFEIT_BONUS",
        "debt": "DEBT_ON_WITHDRAWAL_REFUSE",
        "approvalLevels": [{"minimum": "500", "approvals": 2, "roles": ["owner"]}],
        "autoApproval": {
            "requestMax": "60",
            "windowMax": "100",
            "windowSeconds": 3_600,
            "reviewSeconds": 1_800,
        },
        "reversible": True,
    }
    assert message["adjustments"] == {"fourEyesFrom": "1000"}
    assert message["limits"] == {
        "window": "LIMIT_WINDOW_CALENDAR",
        "timeZone": "Europe/Malta",
        "increaseDelaySeconds": 172_800,
        "confirmWithinSeconds": 86_400,
        "reconfirm": True,
        "defaults": [
            {
                "kind": "LIMIT_KIND_STAKE",
                "period": "LIMIT_PERIOD_BET",
                "currencyCode": "EUR",
                "amount": "500",
            }
        ],
        "rates": [{"currencyCode": "USD", "rateNumerator": "9", "rateDenominator": "10"}],
    }


def test_what_goes_without_saying_is_told_too() -> None:
    ordinary = Policy("SPORTS", AutoOrder(("cash",)), ())
    shown = MessageToDict(encode_policy(stored(ordinary)))
    rolling = MessageToDict(encode_wallet_policy(stored(WalletPolicy())))
    profile = MessageToDict(encode_provider_profile(stored(ProviderProfile("acme", "SPORTS"))))

    assert shown["rolling"] == {"weightBp": 10_000, "countsCashOuts": True}
    assert (shown["coupons"], "winDestinations" in shown) == ({"perBetMax": 1}, False)
    assert (rolling["couponGraceSeconds"], "depositRolling" in rolling) == (259_200, False)
    assert rolling["deposits"] == {}
    assert rolling["adjustments"] == {}
    assert rolling["withdrawals"] == {
        "minimum": "1",
        "pendingMax": 5,
        "bonus": "BONUS_ON_WITHDRAWAL_KEEP_BONUS",
        "debt": "DEBT_ON_WITHDRAWAL_REVIEW",
        "reversible": True,
    }
    assert rolling["limits"] == {
        "window": "LIMIT_WINDOW_ROLLING",
        "timeZone": "UTC",
        "increaseDelaySeconds": 86_400,
        "confirmWithinSeconds": 604_800,
        "reconfirm": True,
    }
    assert (profile["winWindowSeconds"], "implicitCloseSeconds" in profile) == (259_200, False)
