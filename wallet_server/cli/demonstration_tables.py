"""What a step of the demonstration has done to a wallet, as tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from wallet.v1 import money_pb2, wallet_pb2
from wallet_server.cli.tables import format_amount, format_table

HOLDING_HEADINGS = ("bucket", "before", "change", "after", "at stake")
ROLLING_HEADINGS = ("to be wagered for", "asked", "before", "change", "after", "left")


@dataclass(frozen=True, slots=True)
class Holding:
    """What a bucket or a coupon holds and has at stake, in minor units with so many decimals."""

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
    """Makes tables of a wallet, which show each bucket from the step on that first uses it."""

    def __init__(self, exponents: Mapping[str, int]) -> None:
        self._exponents = exponents
        self._used: set[str] = set()

    def of_step(self, before: wallet_pb2.Wallet, after: wallet_pb2.Wallet) -> str:
        """Returns what became of all that a wallet holds, and of what must be wagered."""
        tables = [[HOLDING_HEADINGS, *self._holding_rows(before, after)]]
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
        """Yields a row for each bucket that was ever used and each coupon, in their order."""
        earlier, later = self._holdings(before), self._holdings(after)
        for name, held in (earlier | later).items():
            was = earlier.get(name, held.emptied)
            now = later.get(name, held.emptied)
            if was.is_used or now.is_used:
                self._used.add(name)
            if name in self._used:
                at_stake = format_amount(now.at_stake, exponent=held.exponent)
                yield name, *changed(was.balance, now.balance, held.exponent), at_stake

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
        """Returns what a wallet's buckets hold and then its coupons, by their names."""
        buckets = {
            each.code: self._holding(each.balance, each.open_stake) for each in wallet.buckets
        }
        coupons = {
            f"coupon {each.grant_id}": self._holding(each.remaining, each.open_stake)
            for each in wallet.coupons
        }
        return buckets | coupons

    def _holding(self, balance: money_pb2.Money, at_stake: money_pb2.Money) -> Holding:
        exponent = self._exponents[balance.asset_code]
        return Holding(balance.minor_units, at_stake.minor_units, exponent)


def changed(was: int, now: int, exponent: int) -> tuple[str, str, str]:
    """Returns an amount before, its change and the amount after, as people read them."""
    return (
        format_amount(was, exponent=exponent),
        format_amount(now - was, exponent=exponent, signed=True),
        format_amount(now, exponent=exponent),
    )
