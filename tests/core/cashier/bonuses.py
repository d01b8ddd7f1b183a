"""Wallets whose bonus money a withdrawal ends."""

from tests.core.cashier.withdrawal_world import FORFEITING, WithdrawalWorld, ruled
from tests.core.rolling.rolling_world import requirement
from wallet_server.core.rolling.requirement import Requirement

BONUS = requirement("RQ1", "SB", 250, amount=25)


def with_bonus(
    balances: str = "SN 100, SB 25", *items: Requirement, frozen: str = ""
) -> WithdrawalWorld:
    """Returns a wallet whose withdrawals end its bonus, of 25 unless said otherwise."""
    return WithdrawalWorld(balances, ruled(FORFEITING), items=items or (BONUS,), frozen=frozen)
