"""Policies and profiles, as the messages that tell of them."""

from google.protobuf.json_format import MessageToDict

from tests.rpc.policies import policy, stored
from wallet_server.core.config.policy import AutoOrder, Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.rpc.encode.policies import (
    encode_policy,
    encode_provider_profile,
    encode_wallet_policy,
)


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


def test_what_goes_without_saying_is_told_too() -> None:
    ordinary = Policy("SPORTS", AutoOrder(("cash",)), ())
    shown = MessageToDict(encode_policy(stored(ordinary)))
    rolling = MessageToDict(encode_wallet_policy(stored(WalletPolicy())))
    profile = MessageToDict(encode_provider_profile(stored(ProviderProfile("acme", "SPORTS"))))

    assert shown["rolling"] == {"weightBp": 10_000, "countsCashOuts": True}
    assert (shown["coupons"], "winDestinations" in shown) == ({"perBetMax": 1}, False)
    assert (rolling["couponGraceSeconds"], "depositRolling" in rolling) == (259_200, False)
    assert (profile["winWindowSeconds"], "implicitCloseSeconds" in profile) == (259_200, False)
