"""Why an account holds what it holds: what causes have added and taken."""

from collections.abc import Mapping, Sequence

from wallet_server.core.accounts import Account
from wallet_server.core.history.causes import BalanceCause, cause_of
from wallet_server.core.history.sums import NOTHING, Sum, SumKey, plus
from wallet_server.core.value import value


@value
class BalancePart:
    """What commands of a kind, by its name, did to an account for a cause."""

    cause: BalanceCause
    command: str
    sum: Sum


@value
class BalanceExplanation:
    """What an account held at the start, and what came to it since. Amounts are in minor units.

    It starts after the command with the number `after_sequence`, zero for before all, and ends
    after the one with the number `sequence`. `asset_code` is empty if nothing ever was in it.
    """

    account: Account
    asset_code: str
    after_sequence: int
    sequence: int
    opening_balance: int
    parts: tuple[BalancePart, ...]

    @property
    def balance(self) -> int:
        """What it held at the end."""
        return self.opening_balance + sum(part.sum.change for part in self.parts)


def explain_balance(
    account: Account,
    after_sequence: int,
    sequence: int,
    before: Mapping[SumKey, Sum],
    since: Mapping[SumKey, Sum],
) -> BalanceExplanation:
    """Explains a balance by what entries came to `before` the start and `since`."""
    known = [key for sums in (before, since) for key in sums if key.account == account]
    opening = sum(each.change for key, each in before.items() if key.account == account)
    asset_code = known[0].asset_code if known else ""
    parts = parts_of(account, since)
    return BalanceExplanation(account, asset_code, after_sequence, sequence, opening, tuple(parts))


def parts_of(account: Account, sums: Mapping[SumKey, Sum]) -> Sequence[BalancePart]:
    """Returns what an account's sums come to by cause and command, in the order of the causes."""
    found: dict[tuple[BalanceCause, str], Sum] = {}
    for key, each in sums.items():
        if key.account == account:
            name = (cause_of(key.kind), key.kind.command)
            found[name] = plus(found.get(name, NOTHING), each)
    causes = list(BalanceCause)
    names = sorted(found, key=lambda name: (causes.index(name[0]), name[1]))
    return [BalancePart(*name, found[name]) for name in names]
