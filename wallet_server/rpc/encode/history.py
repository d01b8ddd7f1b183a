"""What wallets held, and why."""

from collections.abc import Iterator, Mapping

from wallet.v1 import wallet_queries_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet_server.core.accounts import (
    BUCKET_PREFIX,
    COUPON_PREFIX,
    DEBT_PREFIX,
    HOLD_PREFIX,
    OPEN_PREFIX,
    Account,
    bucket,
    coupon,
    open_stake,
)
from wallet_server.core.amounts import INT64_MAX
from wallet_server.core.history.balance_change import BalanceChange
from wallet_server.core.history.causes import BalanceCause
from wallet_server.core.history.explanation import BalanceExplanation, BalancePart
from wallet_server.core.history.past_wallet import PastWallet
from wallet_server.core.history.sums import Holding
from wallet_server.core.refusals import AmountOutOfRange
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.encode.values import money, numbers, timestamp
from wallet_server.rpc.encode.wallets import encode_wallet_ref

CAUSES = numbers(BalanceCause, pb.BalanceCause, prefix="BALANCE_CAUSE")


def encode_past_wallet(past: PastWallet) -> pb.PastWallet:
    """Encodes what a wallet held."""
    held = past.holdings
    return pb.PastWallet(
        wallet=encode_wallet_ref(past.ref),
        sequence=past.sequence,
        entry_time=None if past.entry_time is None else timestamp(past.entry_time),
        buckets=[encode_past_bucket(code, held) for code in codes_in(held)],
        coupons=[encode_past_coupon(grant_id, held) for grant_id in grants_in(held)],
        holds=[
            pb.PastHold(
                withdrawal_id=account.removeprefix(HOLD_PREFIX),
                amount=money(held[account].balance, held[account].asset_code),
            )
            for account in sorted(held)
            if account.startswith(HOLD_PREFIX)
        ],
        debts=[
            money(-held[account].balance, held[account].asset_code)
            for account in sorted(held)
            if account.startswith(DEBT_PREFIX)
        ],
    )


def codes_in(held: Mapping[Account, Holding]) -> list[str]:
    """Returns the codes of the buckets that hold something or have open stake."""
    return sorted(set(names_in(held, BUCKET_PREFIX)))


def grants_in(held: Mapping[Account, Holding]) -> list[str]:
    """Returns the ids of the coupons that hold something or have open stake."""
    return sorted(set(names_in(held, COUPON_PREFIX)))


def names_in(held: Mapping[Account, Holding], prefix: str) -> Iterator[str]:
    """Yields the names of accounts of a kind, by themselves and as sources of open stake."""
    for account in held:
        source = account.removeprefix(OPEN_PREFIX)
        if source.startswith(prefix):
            yield source.removeprefix(prefix)
        elif prefix == BUCKET_PREFIX and account.startswith(OPEN_PREFIX) and ":" not in source:
            yield source  # Open stake names a bucket by its code alone.


def encode_past_bucket(code: str, held: Mapping[Account, Holding]) -> pb.PastBucket:
    """Encodes what a bucket held."""
    balance, stake = amounts_in(held, bucket(code), open_stake(code))
    return pb.PastBucket(code=code, balance=balance, open_stake=stake)


def encode_past_coupon(grant_id: str, held: Mapping[Account, Holding]) -> pb.PastCoupon:
    """Encodes what a coupon held."""
    account = coupon(grant_id)
    balance, stake = amounts_in(held, account, open_stake(account))
    return pb.PastCoupon(grant_id=grant_id, balance=balance, open_stake=stake)


def amounts_in(held: Mapping[Account, Holding], own: Account, stake: Account) -> list[Money]:
    """Returns what an account held, and what its open stake was. One of them is there."""
    asset_code = (held.get(own) or held[stake]).asset_code
    nothing = Holding(asset_code, 0)
    return [money(held.get(each, nothing).balance, asset_code) for each in (own, stake)]


def encode_balance_explanation(explained: BalanceExplanation) -> pb.ExplainBalanceResponse:
    """Encodes why an account holds what it holds.

    Raises:
        RefusedError: What was added or taken, in all, leaves the range of an amount.
    """
    return pb.ExplainBalanceResponse(
        account=explained.account,
        asset_code=explained.asset_code,
        after_sequence=explained.after_sequence,
        sequence=explained.sequence,
        opening_balance=explained.opening_balance,
        balance=explained.balance,
        parts=[encode_part(explained.account, part) for part in explained.parts],
    )


def encode_part(account: Account, part: BalancePart) -> pb.BalancePart:
    """Encodes what commands did to an account."""
    if max(part.sum.added, part.sum.taken) > INT64_MAX:
        raise RefusedError(AmountOutOfRange(account))
    return pb.BalancePart(
        cause=CAUSES[part.cause],
        command=part.command,
        change=part.sum.change,
        added=part.sum.added,
        taken=part.sum.taken,
        entries_count=part.sum.entries_count,
    )


def encode_balance_change(change: BalanceChange) -> pb.BalanceChange:
    """Encodes one change of an account."""
    return pb.BalanceChange(
        sequence=change.sequence,
        ordinal=change.ordinal,
        entry_time=timestamp(change.entry_time),
        change=change.change,
        balance_after=change.balance_after,
        cause=CAUSES[change.cause],
        command=change.command,
        request_id=change.request_id,
        counterparts=change.counterparts,
        provider_id=change.provider_id,
        bet_ref=change.bet_ref,
        subjects=change.subjects,
    )
