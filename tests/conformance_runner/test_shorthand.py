"""What a scenario may write shorter than proto JSON."""

from datetime import timedelta
from typing import Any

import pytest

from wallet.v1.wallet_commands_pb2 import GrantCouponRequest, PlayRoundRequest
from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.conformance.clock import START
from wallet_server.conformance.requests import RequestError, build_request
from wallet_server.conformance.scenario import Call
from wallet_server.conformance.shorthand import Cast

ALICE = WalletRef(tenant_id="t", player_id="a", currency_code="EUR")
CAST = Cast("t", {"alice": ALICE}, START + timedelta(days=1))


def build(method: str, **request: Any) -> Any:
    return build_request(Call(f"WalletCommands.{method}", request, "steps[0]"), CAST)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("+90s", 86_400 + 90),
        ("+72h", 4 * 86_400),
        ("2026-01-03T00:00:00Z", 2 * 86_400),
    ],
)
def test_a_time_may_be_written_from_the_start_of_the_scenario(written: str, seconds: int) -> None:
    request = build("GrantCoupon", grant_id="C1", amount=30, valid_until_time=written)

    assert isinstance(request, GrantCouponRequest)
    assert request.valid_until_time.seconds == int(START.timestamp()) + seconds
    assert (request.amount.asset_code, request.amount.minor_units) == ("EUR", 30)


@pytest.mark.parametrize("written", ["+", "+7", "+ 7d", "+0d", "tomorrow"])
def test_a_time_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(RequestError):
        build("GrantCoupon", valid_until_time=written)


def test_amounts_inside_lists_are_written_out_too() -> None:
    request = build(
        "PlayRound",
        round_ref="t1",
        bets=[{"bet_ref": "b1", "stake": 10}],
        wins=[{"win_ref": "w1", "amount": 5, "kind": "WIN_KIND_JACKPOT"}],
    )

    assert isinstance(request, PlayRoundRequest)
    assert request.bets[0].stake.asset_code == "EUR"
    assert request.wins[0].amount.minor_units == 5
