"""Rolling progress, projected from events: `python -m examples.rolling_progress nats://…`.

What a bet counts for a requirement is told as an absolute number, with the bet's revision. So the
projection keeps of each bet what its highest revision says, and is right whatever comes twice,
late, or is corrected. A real one keeps this in a table, with a row for each bet, and in the same
transaction the number of the last event that it has seen.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from examples.following import follow
from wallet.v1.event_pb2 import BetContribution, Event

WalletName: TypeAlias = tuple[str, str, str]
"""Tenant, player and currency."""


@dataclass
class Contribution:
    """What a bet counts as of a revision, by requirement, in minor units."""

    revision: int
    counted: Mapping[str, int]


@dataclass
class RollingProgress:
    """How far each requirement is, as its bets say."""

    bets: dict[WalletName, dict[tuple[str, str], Contribution]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def apply(self, event: Event) -> None:
        """Takes what an event says of a bet, unless more recent news of it was there before."""
        if event.WhichOneof("payload") != "bet_contribution":
            return
        told = event.bet_contribution
        ref = event.wallet
        bets = self.bets[ref.tenant_id, ref.player_id, ref.currency_code]
        bet = (told.provider_id, told.bet_ref)
        known = bets.get(bet)
        if known is None or known.revision < told.revision:
            bets[bet] = Contribution(told.revision, counted_of(told))

    def of_wallet(self, wallet: WalletName) -> dict[str, int]:
        """Returns how far the requirements of a wallet are, in minor units."""
        progress: dict[str, int] = defaultdict(int)
        for contribution in self.bets.get(wallet, {}).values():
            for requirement_id, counted in contribution.counted.items():
                progress[requirement_id] += counted
        return {name: counted for name, counted in sorted(progress.items()) if counted}


def counted_of(told: BetContribution) -> dict[str, int]:
    """Returns what a bet counts for each requirement, whichever sources paid for it."""
    counted: dict[str, int] = defaultdict(int)
    for each in told.requirements:
        counted[each.requirement_id] += each.counted_total
    return dict(counted)


async def main(url: str) -> None:
    """Prints the progress of each wallet whenever it changes."""
    progress = RollingProgress()
    async for _, event in follow(url, subjects="wallet.*.BET_CONTRIBUTION.*"):
        progress.apply(event)
        ref = event.wallet
        wallet = (ref.tenant_id, ref.player_id, ref.currency_code)
        print("/".join(wallet), progress.of_wallet(wallet), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
