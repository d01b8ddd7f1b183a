"""Wallets, in the shape that the active topology gives them."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from wallet.v1 import wallet_pb2
from wallet.v1.money_pb2 import Money
from wallet_server.core.accounts import (
    BUCKET_PREFIX,
    COUPON_PREFIX,
    DEBT_PREFIX,
    OPEN_PREFIX,
    bucket,
    open_stake,
)
from wallet_server.core.cashier.withdrawable import (
    LockReason,
    WithdrawableMoney,
    WithdrawablePart,
)
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.config.configuration import Versioned
from wallet_server.core.config.topology import Topology
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.ids import WalletRef
from wallet_server.core.items import Item
from wallet_server.core.players.limit_views import LimitView
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.wallet import Wallet
from wallet_server.rpc.encode.cashier import encode_withdrawal
from wallet_server.rpc.encode.coupons import encode_coupon
from wallet_server.rpc.encode.players import encode_limit
from wallet_server.rpc.encode.rolling import encode_requirement
from wallet_server.rpc.encode.values import money, numbers, timestamp
from wallet_server.rpc.encode.withdrawable import lock_reason

OPEN_COUPON = OPEN_PREFIX + COUPON_PREFIX

ItemT = TypeVar("ItemT", bound=Item)

STATUSES = numbers(AccountStatus, wallet_pb2.AccountStatus, prefix="ACCOUNT_STATUS")


def encode_wallet(
    wallet: Wallet,
    topology: Versioned[Topology],
    withdrawable: WithdrawableMoney,
    limits: Sequence[LimitView] = (),
) -> wallet_pb2.Wallet:
    """Encodes a wallet as it is, with what of it may be withdrawn and its player's limits."""
    part_by_code = {part.bucket: part for part in withdrawable.parts}
    return wallet_pb2.Wallet(
        wallet=encode_wallet_ref(wallet.ref),
        sequence=wallet.sequence,
        account_status=STATUSES[wallet.status],
        buckets=[
            encode_bucket(code, wallet, topology.value, part_by_code.get(code))
            for code in codes(wallet, topology)
        ],
        debts=debts(wallet),
        create_time=timestamp(wallet.create_time),
        update_time=timestamp(wallet.update_time),
        topology_version=topology.version,
        coupons=[encode_coupon(each, wallet) for each in of_kind(wallet, CouponGrant)],
        requirements=[encode_requirement(each) for each in of_kind(wallet, Requirement)],
        withdrawals=[
            encode_withdrawal(each) for each in of_kind(wallet, Withdrawal) if each.is_open
        ],
        withdrawable=money(withdrawable.total, wallet.ref.currency_code),
        limits=[encode_limit(each) for each in limits],
    )


def encode_wallet_ref(ref: WalletRef) -> wallet_pb2.WalletRef:
    """Encodes which wallet it is."""
    return wallet_pb2.WalletRef(
        tenant_id=ref.tenant_id, player_id=ref.player_id, currency_code=ref.currency_code
    )


def codes(wallet: Wallet, topology: Versioned[Topology]) -> list[str]:
    """Returns the codes of the topology, and then of others that still hold something."""
    known = topology.value.bucket_by_code
    return [*known, *sorted(held_codes(wallet) - known.keys())]


def held_codes(wallet: Wallet) -> set[str]:
    """Returns the codes of all buckets that hold something or have open stake."""
    return {
        account.removeprefix(prefix)
        for account, balance in wallet.balances.items()
        for prefix in (BUCKET_PREFIX, OPEN_PREFIX)
        if balance and account.startswith(prefix) and not account.startswith(OPEN_COUPON)
    }


def of_kind(wallet: Wallet, kind: type[ItemT]) -> list[ItemT]:
    """Returns a wallet's items of a kind: first the live ones, in the order they were made."""
    found = [each for each in wallet.items.values() if isinstance(each, kind)]
    return sorted(found, key=lambda each: (not each.is_live, each.sequence, each.key))


def encode_bucket(
    code: str, wallet: Wallet, topology: Topology, part: WithdrawablePart | None
) -> wallet_pb2.Bucket:
    """Encodes a bucket. One that the topology no longer knows is shown in the currency.

    Without a part that says what may be withdrawn of it, nothing may.
    """
    currency_code = wallet.ref.currency_code
    kind = topology.bucket_by_code.get(code)
    asset_code = kind.asset_in(currency_code) if kind else currency_code
    held = wallet.balance(bucket(code))
    part = part or WithdrawablePart(code, held, LockReason.NOT_WITHDRAWABLE)
    is_rolling = part.reason is LockReason.ROLLING_OPEN
    return wallet_pb2.Bucket(
        code=code,
        wallet_group=kind.wallet_group if kind else "",
        balance=money(held, asset_code),
        open_stake=money(wallet.balance(open_stake(code)), asset_code),
        frozen=code in wallet.frozen_buckets,
        withdrawable=money(part.withdrawable, asset_code),
        locked=money(part.locked, asset_code),
        lock_reason=lock_reason(part),
        rolling_remaining=money(part.remaining, asset_code) if is_rolling else None,
    )


def debts(wallet: Wallet) -> Iterator[Money]:
    """Yields what the player owes, as positive amounts, by asset."""
    for account, balance in sorted(wallet.balances.items()):
        if balance and account.startswith(DEBT_PREFIX):
            yield money(-balance, account.removeprefix(DEBT_PREFIX))
