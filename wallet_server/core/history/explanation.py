"""Why an account holds what it holds: what causes have added and taken."""

from collections.abc import Mapping, Sequence

from wallet_server.core.accounts import Account
from wallet_server.core.history.causes import BalanceCause, cause_of
from wallet_server.core.history.sums import NOTHING, Holding, Sum, SumKey, plus
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
    after the one with the number `sequence`. `asset_code` is empty if it held
    nothing at the start and nothing came to it.
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
    opening: Holding | None,
    since: Mapping[SumKey, Sum],
) -> BalanceExplanation:
    """Explains a balance by what was there at the `opening`, if anything, and has come `since`."""
    assets = [key.asset_code for key in since if key.account == account]
    if opening is not None:
        assets = [opening.asset_code]
    return BalanceExplanation(
        account,
        assets[0] if assets else "",
        after_sequence,
        sequence,
        0 if opening is None else opening.balance,
        tuple(parts_of(account, since)),
    )


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
