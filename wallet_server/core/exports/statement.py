"""One wallet's statement: what was there, what came and went, what is there."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from wallet_server.core.accounts import Account, is_house
from wallet_server.core.answer import PostedEntry

AccountKey = tuple[Account, str]
"""A player's account, and the asset that it holds."""


class Mismatch(NamedTuple):
    """A change after which an account has other than what came before and the change come to."""

    account: Account
    sequence: int
    expected: int
    found: int | None


class StatementChange(NamedTuple):
    """A change of a player's account, and what the account came to."""

    account: Account
    asset_code: str
    change: int
    balance: int


class StatementBook:
    """Follows a wallet's accounts from a time on."""

    def __init__(self, opening: Mapping[AccountKey, int]) -> None:
        """Takes what the accounts came to before; those that are not there, to nothing."""
        self.opening = dict(opening)
        self._balances = dict(opening)
        self._hidden: dict[AccountKey, int] = {}

    def follow(self, entry: PostedEntry, *, is_shown: bool) -> Iterator[StatementChange | Mismatch]:
        """Yields what an entry changes of the player's accounts, where it is shown.

        What is not shown is kept for `hidden`. A change that does not lead from the balance
        before to the one that the journal says is yielded as a mismatch, shown or not.
        """
        for each in entry.changes:
            if is_house(each.account):
                continue
            key = (each.account, entry.asset_code)
            balance = self._balances.get(key, 0) + each.change
            if balance != each.balance_after:
                yield Mismatch(each.account, entry.sequence, balance, each.balance_after)
            if balance:
                self._balances[key] = balance
            else:
                self._balances.pop(key, None)
            if is_shown:
                yield StatementChange(each.account, entry.asset_code, each.change, balance)
            else:
                self._hidden[key] = self._hidden.get(key, 0) + each.change

    @property
    def hidden(self) -> Mapping[AccountKey, int]:
        """What the changes that are not shown come to, by account, but for nothing."""
        return {key: self._hidden[key] for key in sorted(self._hidden) if self._hidden[key]}

    @property
    def closing(self) -> Mapping[AccountKey, int]:
        """What the accounts came to at last, but for those that have nothing."""
        return {key: self._balances[key] for key in sorted(self._balances)}
