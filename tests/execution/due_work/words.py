"""The words of the tests of due work: coupons that expire."""

from datetime import timedelta

from tests.execution.due_work.conftest import Process
from tests.execution.ledger import Ledger
from wallet_server.conformance.clock import START
from wallet_server.core.commands import Amount, GrantCoupon
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import WalletRef, locate

DAY = timedelta(days=1)

STATES = """
SELECT item_id, state FROM wallet_items WHERE shard = $1 AND wallet_id = $2 AND kind = 'COUPON'
"""
STATE_COUNTS = "SELECT state, count(*) FROM wallet_items WHERE kind = 'COUPON' GROUP BY state"


def grant(grant_id: str, *, days: int = 1, minor_units: int = 5) -> GrantCoupon:
    """Returns a command that grants a coupon which expires so long after the start of time."""
    amount, terms = Amount("EUR", minor_units), CouponTerms("sports_normal")
    return GrantCoupon(grant_id, amount, START + days * DAY, terms)


async def grant_all(
    process: Process, wallets: list[WalletRef], *, grants_count: int = 1, days: int = 1
) -> None:
    """Opens wallets, each with so many coupons that expire at one time."""
    await process.caller.open(*wallets)
    for number in range(grants_count):
        running = [
            process.caller.start(f"grant-{number}", grant(f"c{number}", days=days), wallet)
            for wallet in wallets
        ]
        for each in running:
            await each


async def states_of(ledger: Ledger, wallet: WalletRef) -> dict[str, str]:
    """Returns the states of a wallet's coupons."""
    rows = await ledger.connection.fetch(STATES, *locate(wallet))
    return {row["item_id"]: row["state"] for row in rows}


async def count_states(ledger: Ledger) -> dict[str, int]:
    """Returns how many coupons there are in each state, in all wallets."""
    rows = await ledger.connection.fetch(STATE_COUNTS)
    return {row["state"]: row["count"] for row in rows}
