"""What a wallet holds in open bets is what its bets say is open."""

from collections.abc import Iterator, Mapping

from wallet_server.core.accounts import OPEN_PREFIX, Account, open_stake
from wallet_server.core.audit.bet_document_audit import is_whole
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet
from wallet_server.core.bets.settlement import WITHOUT_EFFECT
from wallet_server.core.wallet import Wallet


def find_open_stake_problems(
    wallet: Wallet, open_stakes: Mapping[Account, int]
) -> Iterator[Finding]:
    """Yields the accounts of open stake that the wallet's bets, together, do not explain."""
    stored = {a for a in wallet.balances if a.startswith(OPEN_PREFIX)}
    for account in sorted(stored | open_stakes.keys()):
        explained = open_stakes.get(account, 0)
        if wallet.balance(account) != explained:
            message = f"{wallet.balance(account)} is stored, the bets leave {explained} open"
            yield Finding(Check.OPEN_STAKE, account, message)


def open_stakes_of(bet: Bet) -> dict[Account, int]:
    """Returns the stake that a bet has open, by account; nothing if that cannot be said."""
    if bet.state in WITHOUT_EFFECT or not is_whole(bet):
        return {}
    lines = zip(bet.lines, bet.open_shares, strict=True)
    return {open_stake(line.source): share for line, share in lines}
