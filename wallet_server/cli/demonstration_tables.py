"""What a step of the demonstration has done to a wallet, as tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from wallet.v1 import cashier_pb2, money_pb2, wallet_pb2
from wallet_server.cli.tables import format_amount, format_table

HOLDING_HEADINGS = ("bucket", "before", "change", "after", "at stake")
WITHDRAWAL_HEADINGS = ("withdrawal", "state", "approved by")
WITHDRAWABLE_HEADINGS = ("to be withdrawn from", "free", "not free", "why not")
ROLLING_HEADINGS = ("to be wagered for", "asked", "before", "change", "after", "left")


@dataclass(frozen=True, slots=True)
class Holding:
    """What a bucket, coupon or hold has and has at stake: minor units with so many decimals."""

    balance: int
    at_stake: int
    exponent: int

    @property
    def is_used(self) -> bool:
        """Whether it holds something, or has staked something that is still open."""
        return self.balance != 0 or self.at_stake != 0

    @property
    def emptied(self) -> "Holding":
        """The same without anything."""
        return replace(self, balance=0, at_stake=0)


class DemonstrationTables:
    """Makes tables of a wallet, which show each bucket from the step on that first uses it.

    A withdrawal is shown while it is under way, and what else is free to go when it is asked for.
    """

    def __init__(self, exponents: Mapping[str, int]) -> None:
        self._exponents = exponents
        self._used: set[str] = set()

    def of_step(self, before: wallet_pb2.Wallet, after: wallet_pb2.Wallet) -> str:
        """Returns what became of all that a wallet has, and what stands in its way out."""
        tables = [[HOLDING_HEADINGS, *self._holding_rows(before, after)]]
        if after.withdrawals:
            tables.append([WITHDRAWAL_HEADINGS, *map(withdrawal_row, after.withdrawals)])
        if len(after.withdrawals) > len(before.withdrawals):
            tables.append([WITHDRAWABLE_HEADINGS, *self._withdrawable_rows(after)])
        if rolling := [*self._rolling_rows(before, after)]:
            tables.append([ROLLING_HEADINGS, *rolling])
        return "\n".join(map(format_table, tables))

    def of_balances(self, wallet: wallet_pb2.Wallet) -> str:
        """Returns what a wallet holds."""
        rows = [
            (name, format_amount(held.balance, exponent=held.exponent))
            for name, held in self._holdings(wallet).items()
            if held.is_used
        ]
        return format_table([("bucket", "balance"), *rows])

    def _holding_rows(
        self, before: wallet_pb2.Wallet, after: wallet_pb2.Wallet
    ) -> Iterator[tuple[str, ...]]:
        """Yields a row for each bucket that was ever used, each coupon and each hold."""
        earlier, later = self._holdings(before), self._holdings(after)
        for name, held in (earlier | later).items():
            was = earlier.get(name, held.emptied)
            now = later.get(name, held.emptied)
            if was.is_used or now.is_used:
                self._used.add(name)
            if name in self._used:
                at_stake = format_amount(now.at_stake, exponent=held.exponent)
                yield name, *changed(was.balance, now.balance, held.exponent), at_stake

    def _withdrawable_rows(self, wallet: wallet_pb2.Wallet) -> Iterator[tuple[str, ...]]:
        """Yields a row for each bucket of the wallet's currency that has something."""
        for each in wallet.buckets:
            is_money = each.balance.asset_code == wallet.wallet.currency_code
            if is_money and each.balance.minor_units:
                free, locked = self._format(each.withdrawable), self._format(each.locked)
                yield each.code, free, locked, why_not(each)

    def _rolling_rows(
        self, before: wallet_pb2.Wallet, after: wallet_pb2.Wallet
    ) -> Iterator[tuple[str, ...]]:
        """Yields a row for each rolling requirement that is not over."""
        earlier = {each.requirement_id: each.progress.minor_units for each in before.requirements}
        for found in after.requirements:
            was = earlier.get(found.requirement_id, 0)
            exponent = self._exponents[found.required.asset_code]
            asked = format_amount(found.required.minor_units, exponent=exponent)
            left = format_amount(found.remaining.minor_units, exponent=exponent)
            counted = changed(was, found.progress.minor_units, exponent)
            yield found.bucket, asked, *counted, left

    def _holdings(self, wallet: wallet_pb2.Wallet) -> dict[str, Holding]:
        """Returns what a wallet's buckets have, then its coupons and its holds, by their names."""
        buckets = {
            each.code: self._holding(each.balance, each.open_stake) for each in wallet.buckets
        }
        coupons = {
            f"coupon {each.grant_id}": self._holding(each.remaining, each.open_stake)
            for each in wallet.coupons
        }
        holds = {
            f"hold {each.withdrawal_id}": self._holding(each.amount, money_pb2.Money())
            for each in wallet.withdrawals
        }
        return buckets | coupons | holds

    def _holding(self, balance: money_pb2.Money, at_stake: money_pb2.Money) -> Holding:
        exponent = self._exponents[balance.asset_code]
        return Holding(balance.minor_units, at_stake.minor_units, exponent)

    def _format(self, amount: money_pb2.Money) -> str:
        return format_amount(amount.minor_units, exponent=self._exponents[amount.asset_code])


def withdrawal_row(withdrawal: cashier_pb2.Withdrawal) -> tuple[str, str, str]:
    """Returns where a withdrawal is in its life, and who has approved it."""
    state = cashier_pb2.WithdrawalState.Name(withdrawal.state)
    persons = ", ".join(each.actor for each in withdrawal.approvals)
    return withdrawal.withdrawal_id, state.removeprefix("WITHDRAWAL_STATE_"), persons


def why_not(bucket: wallet_pb2.Bucket) -> str:
    """Returns why money of a bucket may not be withdrawn; nothing where it may."""
    reason = cashier_pb2.LockReason.Name(bucket.lock_reason)
    return reason.removeprefix("LOCK_REASON_") if bucket.lock_reason else ""


def changed(was: int, now: int, exponent: int) -> tuple[str, str, str]:
    """Returns an amount before, its change and the amount after, as people read them."""
    return (
        format_amount(was, exponent=exponent),
        format_amount(now - was, exponent=exponent, signed=True),
        format_amount(now, exponent=exponent),
    )
