"""Reads of what a wallet has many of, on a running server with a real Postgres."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.rpc.bets import WALLET, eur
from tests.rpc.failures import failure_of
from tests.servers import RunningServer
from wallet.v1 import bet_pb2, coupon_pb2, rolling_pb2, round_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1 import wallet_queries_pb2 as queries
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub
    from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesAsyncStub

SPORTS, SLOTS = "acme-sports", "lucky-slots"


@pytest.fixture
def reads(server: RunningServer) -> "WalletQueriesAsyncStub":
    return WalletQueriesStub(server.channel)


async def put(commands: "WalletCommandsAsyncStub", bucket: str, minor_units: int) -> None:
    await commands.AdjustBalance(
        pb.AdjustBalanceRequest(
            request_id=f"put {bucket}".replace(" ", ":"),
            wallet=WALLET,
            bucket=bucket,
            amount=eur(minor_units),
            reason_code="TEST",
        )
    )


async def place(commands: "WalletCommandsAsyncStub", provider_id: str, bet_ref: str) -> None:
    await commands.AuthorizeBet(
        pb.AuthorizeBetRequest(
            request_id=f"{provider_id}/{bet_ref}",
            wallet=WALLET,
            provider_id=provider_id,
            bet_ref=bet_ref,
            stake=eur(10),
        )
    )


async def play(commands: "WalletCommandsAsyncStub") -> pb.PlayRoundResponse:
    return await commands.PlayRound(
        pb.PlayRoundRequest(
            request_id="p1",
            wallet=WALLET,
            provider_id=SLOTS,
            round_ref="t1",
            bets=[pb.RoundBet(bet_ref="b1", stake=eur(10))],
            wins=[pb.RoundWin(win_ref=ref, amount=eur(4)) for ref in ("w2", "w1")],
        )
    )


# --- Bets


async def test_bets_are_listed_page_by_page(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    await put(commands, "casino_normal", 100)
    for bet_ref in ("b2", "b1"):
        await place(commands, SPORTS, bet_ref)
    await play(commands)
    request = queries.ListBetsRequest(wallet=WALLET, page_size=2)

    first = await reads.ListBets(request)
    request.page_token = first.next_page_token
    last = await reads.ListBets(request)

    listed = [(bet.provider_id, bet.bet_ref) for bet in (*first.bets, *last.bets)]
    assert listed == [(SPORTS, "b1"), (SPORTS, "b2"), (SLOTS, "b1")]  # And no wins.
    assert (len(first.bets), last.next_page_token) == (2, "")
    request.provider_id = SPORTS
    assert (await failure_of(reads.ListBets(request))).reason == "PAGE_TOKEN_INVALID"


async def test_bets_are_listed_by_what_they_are(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    await put(commands, "casino_normal", 100)
    await place(commands, SPORTS, "b1")
    await play(commands)

    async def listed(**filters: object) -> list[str]:
        request = queries.ListBetsRequest(wallet=WALLET, **filters)  # type: ignore[arg-type]
        return [bet.provider_id for bet in (await reads.ListBets(request)).bets]

    settled, rolled_back = bet_pb2.BET_STATE_SETTLED, bet_pb2.BET_STATE_ROLLED_BACK
    assert await listed() == [SPORTS, SLOTS]
    assert await listed(live_only=True) == [SPORTS]
    assert await listed(states=[settled, rolled_back]) == [SLOTS]
    assert await listed(states=[settled], live_only=True) == []
    assert await listed(provider_id=SLOTS) == [SLOTS]
    assert await listed(provider_id="royal-live") == []


# --- Rounds and wins


async def test_a_round_is_read_with_its_wins_in_the_order_they_came(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    await put(commands, "casino_normal", 100)
    played = await play(commands)

    found = await reads.GetRound(
        queries.GetRoundRequest(
            wallet=WALLET, provider_id=SLOTS, round_ref="t1", minimum_sequence=played.sequence
        )
    )
    win = await reads.GetWin(queries.GetWinRequest(wallet=WALLET, provider_id=SLOTS, win_ref="w1"))

    assert found.round.state == round_pb2.ROUND_STATE_CLOSED
    assert list(found.round.bet_refs) == ["b1"]
    assert [each.win_ref for each in found.wins] == ["w2", "w1"] == list(found.round.win_refs)
    assert win.win == found.wins[1]
    assert (win.win.round_ref, win.win.amount) == ("t1", eur(4))
    assert played.bet.state == bet_pb2.BET_STATE_SETTLED


async def test_a_bet_is_no_win_and_a_win_no_bet(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    await put(commands, "casino_normal", 100)
    await play(commands)
    of_slots: dict[str, Any] = {"wallet": WALLET, "provider_id": SLOTS}

    no_win = await failure_of(reads.GetWin(queries.GetWinRequest(**of_slots, win_ref="b1")))
    no_bet = await failure_of(reads.GetBet(queries.GetBetRequest(**of_slots, bet_ref="w1")))
    no_round = await failure_of(reads.GetRound(queries.GetRoundRequest(**of_slots, round_ref="t2")))

    reasons = [each.reason for each in (no_win, no_bet, no_round)]
    assert reasons == ["WIN_NOT_FOUND", "BET_NOT_FOUND", "ROUND_NOT_FOUND"]


# --- Requirements and coupons


async def credit(commands: "WalletCommandsAsyncStub", promotion_id: str, bucket: str) -> None:
    await commands.CreditPromotion(
        pb.CreditPromotionRequest(
            request_id=promotion_id,
            wallet=WALLET,
            promotion_id=promotion_id,
            bucket=bucket,
            amount=eur(20),
            rolling=rolling_pb2.RollingTerms(multiplier_bp=50_000),
        )
    )


async def test_requirements_are_listed_and_shown(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    for promotion_id, bucket in (
        ("p3", "sports_bonus"),
        ("p1", "casino_bonus"),
        ("p2", "casino_bonus"),
    ):
        await credit(commands, promotion_id, bucket)
    await commands.CancelRolling(
        pb.CancelRollingRequest(
            request_id="c1", wallet=WALLET, requirement_id="PROMOTION:p2", reason_code="TEST"
        )
    )

    async def listed(**filters: object) -> list[str]:
        request = queries.ListRequirementsRequest(wallet=WALLET, **filters)  # type: ignore[arg-type]
        found = await reads.ListRequirements(request)
        return [each.origin_id for each in found.requirements]

    assert await listed() == ["p1", "p2", "p3"]
    assert await listed(live_only=True) == ["p1", "p3"]
    assert await listed(bucket="casino_bonus") == ["p1", "p2"]
    assert await listed(states=[rolling_pb2.REQUIREMENT_STATE_CANCELLED]) == ["p2"]
    page = await reads.ListRequirements(queries.ListRequirementsRequest(wallet=WALLET, page_size=2))
    rest = await reads.ListRequirements(
        queries.ListRequirementsRequest(wallet=WALLET, page_size=2, page_token=page.next_page_token)
    )
    assert [each.origin_id for each in (*page.requirements, *rest.requirements)] == [
        "p1",
        "p2",
        "p3",
    ]
    wallet = (await reads.GetWallet(queries.GetWalletRequest(wallet=WALLET))).wallet
    assert [each.origin_id for each in wallet.requirements] == ["p3", "p1"]
    assert wallet.requirements[0].remaining == eur(100)


async def test_coupons_are_listed_and_shown_with_what_is_left_of_them(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    for grant_id in ("g2", "g1"):
        request = pb.GrantCouponRequest(
            request_id=grant_id,
            wallet=WALLET,
            grant_id=grant_id,
            amount=eur(30),
            terms=coupon_pb2.CouponTerms(profit_target="sports_normal"),
        )
        request.valid_until_time.FromJsonString("2998-01-01T00:00:00Z")
        await commands.GrantCoupon(request)
    await commands.AuthorizeBet(
        pb.AuthorizeBetRequest(
            request_id="b1",
            wallet=WALLET,
            provider_id=SPORTS,
            bet_ref="b1",
            stake=eur(10),
            coupon_grant_id="g2",
        )
    )
    await commands.RevokeCoupon(
        pb.RevokeCouponRequest(request_id="v1", wallet=WALLET, grant_id="g2", reason_code="TEST")
    )

    page = await reads.ListCoupons(queries.ListCouponsRequest(wallet=WALLET, page_size=1))
    rest = await reads.ListCoupons(
        queries.ListCouponsRequest(wallet=WALLET, page_size=1, page_token=page.next_page_token)
    )
    live = await reads.ListCoupons(queries.ListCouponsRequest(wallet=WALLET, live_only=True))
    wallet = (await reads.GetWallet(queries.GetWalletRequest(wallet=WALLET))).wallet

    grants = [*page.coupons, *rest.coupons]
    told = [(g.grant_id, g.remaining.minor_units, g.open_stake.minor_units) for g in grants]
    assert told == [("g1", 30, 0), ("g2", 0, 10)]
    assert rest.coupons[0].state == coupon_pb2.COUPON_STATE_REVOKED
    assert list(live.coupons) == list(page.coupons)
    assert list(wallet.coupons) == grants  # The live one first, and then what is still open.
