"""Callers who bet while everything changes, and hold each result against the bet's snapshot."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from random import Random

from tests.soak.callers import wallet_of
from tests.soak.changing import CASH, PROVIDERS, Plans, moves_of, without_zeros
from tests.soak.persons import GIVE_UP_SECONDS, PAUSE_SECONDS
from wallet.v1.bet_pb2 import Bet
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2 import (
    ApproveDepositRequest,
    AuthorizeBetRequest,
    OpenWalletRequest,
    SettleBetRequest,
)
from wallet_client import WalletClient, WalletError

OPEN_BETS_MAX = 3
DEPOSIT, STAKE_MAX = 500, 60
RESETTLED_MAX, RESETTLING_COUNT = 2_000, 8
BUCKET_IS_GOING = {"BUCKET_DRAINING", "BUCKET_UNKNOWN_IN_TOPOLOGY"}


def eur(minor_units: int) -> Money:
    """Returns an amount of euros."""
    return Money(asset_code="EUR", minor_units=minor_units)


@dataclass
class Bettors:
    """What all bettors know: where to deposit just now, what they bet, and what was wrong."""

    clients: list[WalletClient]
    plans: Plans
    buckets: list[str] = field(default_factory=lambda: [CASH])
    settled: list[tuple[Bet, str]] = field(default_factory=list[tuple[Bet, str]])
    done: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])

    async def open_wallets(self, players: Sequence[str]) -> None:
        """Opens every wallet."""
        for player in players:
            await self.clients[0].open_wallet(OpenWalletRequest(wallet=wallet_of(player)))

    async def bet(self, number: int, players: Sequence[str], is_over: asyncio.Event) -> None:
        """Bets on random wallets until it is over, and then settles what is open."""
        bettor = Bettor(self, number, Random(number))
        while not is_over.is_set():
            await bettor.go_on(bettor.random.choice(players))
        while bettor.open_bets:
            await bettor.settle()

    async def wait_until_placed(self, bets_count: int) -> None:
        """Waits until they have placed so many bets."""
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while self.done["bets"] < bets_count:
                await asyncio.sleep(PAUSE_SECONDS)

    def hold(self, what: str, expected: Counter[str], actual: Counter[str]) -> None:
        """Notes what was moved otherwise than it had to be."""
        if without_zeros(expected) != without_zeros(actual):
            self.wrong.append(f"{what}: {dict(expected)} expected, got {dict(actual)}")


@dataclass
class Bettor:
    """One caller."""

    all: Bettors
    number: int
    random: Random
    open_bets: list[tuple[Bet, str]] = field(default_factory=list[tuple[Bet, str]])

    def __post_init__(self) -> None:
        """Takes a server."""
        self.client = self.all.clients[self.number % len(self.all.clients)]

    async def go_on(self, player: str) -> None:
        """Does the next thing."""
        if len(self.open_bets) >= OPEN_BETS_MAX or (self.open_bets and self.random.random() < 0.4):
            await self.settle()
        elif self.random.random() < 0.25:
            await self.deposit(player)
        else:
            await self.place(player)

    async def deposit(self, player: str) -> None:
        """Pays into the newest bucket. It may be gone by then."""
        request = ApproveDepositRequest(
            wallet=wallet_of(player),
            deposit_id=self.new_name(),
            bucket=self.all.buckets[-1],
            amount=eur(DEPOSIT),
        )
        try:
            await self.client.approve_deposit(request)
            self.all.done["deposits"] += 1
        except WalletError as error:
            if error.reason not in BUCKET_IS_GOING:
                raise
            self.all.done[error.reason] += 1

    async def place(self, player: str) -> None:
        """Places a bet."""
        request = AuthorizeBetRequest(
            wallet=wallet_of(player),
            provider_id=self.random.choice([*PROVIDERS]),
            bet_ref=self.new_name(),
            stake=eur(self.random.randint(1, STAKE_MAX)),
        )
        try:
            placed = await self.client.authorize_bet(request)
        except WalletError as error:
            if error.reason != "INSUFFICIENT_FUNDS":
                raise
            self.all.done[error.reason] += 1
            return
        self.all.done["bets"] += 1
        self.open_bets.append((placed.bet, player))

    async def settle(self) -> None:
        """Settles the oldest bet, and looks where its payout went."""
        bet, player = self.open_bets.pop(0)
        payout = self.random.choice((0, bet.stake.minor_units, 2 * bet.stake.minor_units + 1))
        settled = await self.client.settle_bet(
            SettleBetRequest(
                wallet=wallet_of(player),
                provider_id=bet.provider_id,
                bet_ref=bet.bet_ref,
                result_version=1,
                payout=eur(payout),
            )
        )
        expected = self.all.plans.position(bet, payout)
        self.all.hold(f"{player} {bet.bet_ref}", expected, moves_of(settled.entries))
        if payout == 0:
            self.all.settled.append((bet, player))

    def new_name(self) -> str:
        """Returns a name that nothing has yet."""
        self.all.done["names"] += 1
        return f"{self.number}-{self.all.done['names']}"


async def resettle(bettors: Bettors, retired: Sequence[str]) -> None:
    """Lets bets win that were lost, long after: what is retired by now is paid to its successor.

    They are of all times, so that every bucket that was retired has its share.
    """
    gone = {f"bkt:{code}" for code in retired}
    resettled_count = min(len(bettors.settled), RESETTLED_MAX)
    waiting = iter(Random(0).sample(bettors.settled, resettled_count))

    async def go_on(client: WalletClient) -> None:
        for bet, player in waiting:
            await win_after_all(bettors, client, bet, player, gone)

    await asyncio.gather(*(go_on(each) for each in bettors.clients * RESETTLING_COUNT))


async def win_after_all(
    bettors: Bettors, client: WalletClient, bet: Bet, player: str, gone: AbstractSet[str]
) -> None:
    """Lets a bet win that was lost, and looks where its payout went."""
    payout = 3 * bet.stake.minor_units
    settled = await client.settle_bet(
        SettleBetRequest(
            wallet=wallet_of(player),
            provider_id=bet.provider_id,
            bet_ref=bet.bet_ref,
            result_version=2,
            payout=eur(payout),
        )
    )
    expected: Counter[str] = Counter()
    before = bettors.plans.position(bet, 0)
    for account, change in bettors.plans.position(bet, payout).items():
        expected[f"bkt:{CASH}" if account in gone else account] += change - before[account]
    bettors.hold(f"{player} {bet.bet_ref} again", expected, moves_of(settled.entries))
    bettors.done["redirected"] += any(f"bkt:{line.source}" in gone for line in bet.funding_lines)
