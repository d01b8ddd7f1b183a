"""Commands that are well formed and that no wallet can carry out, as a table."""

from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.message import Message

from tests.rpc.bad_field import INT64_MAX
from tests.rpc.bets import WALLET, eur
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import WalletRef

INVALID = grpc.StatusCode.INVALID_ARGUMENT


@dataclass(frozen=True)
class Impossible:
    """A command that no wallet can carry out, and what it is answered."""

    case: str
    method: str
    request: Message
    code: grpc.StatusCode
    reason: str
    metadata: dict[str, str]


def wallet(tenant_id: str = "demo", player_id: str = "p1", currency_code: str = "EUR") -> WalletRef:
    return WalletRef(tenant_id=tenant_id, player_id=player_id, currency_code=currency_code)


def deposit(of: WalletRef, amount: Money, bucket: str = "sports_normal") -> Message:
    return pb.ApproveDepositRequest(
        request_id="x1", wallet=of, deposit_id="x1", bucket=bucket, amount=amount
    )


def bet(of: WalletRef, stake: Money, **more: str) -> Message:
    fields: dict[str, Any] = {"provider_id": "acme-sports", "bet_ref": "x1"} | more
    return pb.AuthorizeBetRequest(request_id="x1", wallet=of, stake=stake, **fields)


NOT_FOUND = grpc.StatusCode.NOT_FOUND
TENANT = {"tenant_id": "nobody"}
NOBODY = {"tenant_id": "demo", "player_id": "nobody", "currency_code": "EUR"}
NO_USD = {"tenant_id": "demo", "player_id": "p1", "currency_code": "USD"}
USD = Money(asset_code="USD", minor_units=5)
POINTS = Money(asset_code="PTS", minor_units=5)

IMPOSSIBLE = [
    Impossible("unknown tenant", "OpenWallet", pb.OpenWalletRequest(request_id="x1", wallet=wallet("nobody")), NOT_FOUND, "TENANT_NOT_FOUND", TENANT),
    Impossible("unknown tenant", "AuthorizeBet", bet(wallet("nobody"), eur(5)), NOT_FOUND, "TENANT_NOT_FOUND", TENANT),
    Impossible("unknown currency", "OpenWallet", pb.OpenWalletRequest(request_id="x1", wallet=wallet(currency_code="XXX")), INVALID, "CURRENCY_NOT_SUPPORTED", {"currency_code": "XXX"}),
    Impossible("points as currency", "OpenWallet", pb.OpenWalletRequest(request_id="x1", wallet=wallet(currency_code="PTS")), INVALID, "CURRENCY_NOT_SUPPORTED", {"currency_code": "PTS"}),
    Impossible("unknown player", "AuthorizeBet", bet(wallet(player_id="nobody"), eur(5)), NOT_FOUND, "WALLET_NOT_FOUND", NOBODY),
    Impossible("no wallet in the currency", "AuthorizeBet", bet(wallet(currency_code="USD"), USD), NOT_FOUND, "WALLET_NOT_FOUND", NO_USD),
    Impossible("foreign currency", "AuthorizeBet", bet(WALLET, USD), INVALID, "CURRENCY_MISMATCH", {"field": "stake", "expected": "EUR", "actual": "USD"}),
    Impossible("foreign currency", "ApproveDeposit", deposit(WALLET, USD), INVALID, "CURRENCY_MISMATCH", {"field": "amount", "expected": "EUR", "actual": "USD"}),
    Impossible("points for money", "ApproveDeposit", deposit(WALLET, POINTS), INVALID, "CURRENCY_MISMATCH", {"field": "amount", "expected": "EUR", "actual": "PTS"}),
    Impossible("unknown bucket", "ApproveDeposit", deposit(WALLET, eur(5), "vip"), INVALID, "BUCKET_UNKNOWN_IN_TOPOLOGY", {"bucket": "vip"}),
    Impossible("more than 64 bits", "ApproveDeposit", deposit(WALLET, eur(INT64_MAX)), INVALID, "AMOUNT_OUT_OF_RANGE", {"account": "bkt:sports_normal"}),
    Impossible("a choice that is not offered", "AuthorizeBet", bet(WALLET, eur(5), selected_source="VIP"), INVALID, "SELECTED_SOURCE_NOT_ALLOWED", {"selected_source": "VIP", "choices": ""}),
    Impossible("no choice", "AuthorizeBet", bet(WALLET, eur(5), provider_id="royal-live"), INVALID, "SELECTED_SOURCE_REQUIRED", {"choices": "CASINO_NORMAL, CASINO_BONUS"}),
    Impossible("a result without a bet", "SettleBet", pb.SettleBetRequest(request_id="x1", wallet=WALLET, provider_id="acme-sports", bet_ref="x1", result_version=1, payout=eur(5)), NOT_FOUND, "BET_NOT_FOUND", {"bet_ref": "x1"}),
    Impossible("nothing to take back", "UnsettleBet", pb.UnsettleBetRequest(request_id="x1", wallet=WALLET, provider_id="acme-sports", bet_ref="x1", result_version=1), NOT_FOUND, "BET_NOT_FOUND", {"bet_ref": "x1"}),
    Impossible("a known id", "AuthorizeBet", pb.AuthorizeBetRequest(request_id="d1", wallet=WALLET, provider_id="acme-sports", bet_ref="x1", stake=eur(5)), grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED", {"request_id": "d1"}),
]  # fmt: skip
