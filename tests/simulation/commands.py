"""Random commands: mostly sensible, often repeated, stale, foreign or absurd."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from wallet_server.core.accounts import Account, bucket
from wallet_server.core.batch import Task
from wallet_server.core.bets.bet import ResultKind
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef

RUBY_BUCKETS = (
    "sports_normal",
    "casino_normal",
    "sports_bonus",
    "casino_bonus",
    "withdrawable",
    "points",
    "nowhere",
)
BOOKING_BUCKETS = ("cash", "promo_credit", "nowhere")
RUBY_PROVIDERS = ("acme-sports", "lucky-slots", "royal-live", "nobody")
BOOKING_PROVIDERS = ("stay-booker", "nobody")
WALLETS = (
    WalletRef("demo", "ann", "EUR"),
    WalletRef("demo", "ann", "USD"),
    WalletRef("demo", "bob", "EUR"),
    WalletRef("shop", "ann", "EUR"),
    WalletRef("demo", "eve", "SEK"),
    WalletRef("nobody", "ann", "EUR"),
)
WALLET_WEIGHTS = (30, 10, 20, 20, 1, 1)
OPENINGS_COUNT = 8
"""How many of the first tasks open wallets."""

BETS_RECENT_MAX = 5
SETTLED_RECENT_MAX = 5
TASKS_RECENT_MAX = 40


@dataclass
class CommandSource:
    """Draws tasks. It remembers what it has drawn, what not to name again, and who has how much."""

    random: Random
    count: int = 0
    recent: dict[WalletRef, list[BetKey]] = field(default_factory=dict[WalletRef, list[BetKey]])
    settled: dict[WalletRef, list[tuple[BetKey, str]]] = field(
        default_factory=dict[WalletRef, list[tuple[BetKey, str]]]
    )
    held: dict[WalletRef, Mapping[Account, int]] = field(
        default_factory=dict[WalletRef, Mapping[Account, int]]
    )
    tasks: list[Task] = field(default_factory=list[Task])

    def task(self) -> Task:
        """Draws a task: a new one, one sent before, or another under an old request id."""
        self.count += 1
        drawn = self.random.random()
        if self.tasks and drawn < 0.08:
            return self.random.choice(self.tasks)
        ref = self.random.choices(WALLETS, WALLET_WEIGHTS)[0]
        command = OpenWallet() if self.count <= OPENINGS_COUNT else self.command(ref)
        task = Task(ref, f"request-{self.count}", command, self.random.choice(["", "flow"]))
        if self.tasks and drawn < 0.16:
            old = self.random.choice(self.tasks)
            by_content = replace(old, request_id=task.request_id)
            by_name = replace(task, request_id=old.request_id)
            task = self.random.choice([by_content, by_name])
        self.tasks = [*self.tasks, task][-TASKS_RECENT_MAX:]
        return task

    def forget(self, ref: WalletRef, key: BetKey) -> None:
        """Stops naming a bet that came to nothing, more often than not."""
        if self.random.random() < 0.8:
            self.recent[ref] = [each for each in self.recent.get(ref, []) if each != key]
            self.settled[ref] = [each for each in self.settled.get(ref, []) if each[0] != key]

    def command(self, ref: WalletRef) -> Command:
        """Draws a command for a wallet."""
        draw = self.random.choices(
            (
                self.deposit,
                self.adjust,
                self.authorize,
                self.settle,
                self.unsettle,
                self.roll_back,
                self.open,
            ),
            (5, 24, 14, 46, 7, 3, 1),
        )[0]
        return draw(ref)

    def open(self, _ref: WalletRef) -> OpenWallet:
        return OpenWallet()

    def deposit(self, ref: WalletRef) -> ApproveDeposit:
        deposit_id = f"deposit-{self.random.randint(1, 5 + self.count // 10)}"
        return ApproveDeposit(deposit_id, self.bucket(ref), self.amount(ref, 1, 60))

    def adjust(self, ref: WalletRef) -> AdjustBalance:
        code, asset = self.bucket(ref), ref.currency_code
        if code == "points" and self.random.random() < 0.9:
            asset = "PTS"
        given = self.amount(ref, 1, 60).minor_units
        taken = self.held.get(ref, {}).get(bucket(code), 0)
        if self.random.random() < 0.3 or not taken:
            taken = self.amount(ref, 1, 60).minor_units
        return AdjustBalance(code, Amount(asset, self.random.choice([given, -taken])), "TEST")

    def authorize(self, ref: WalletRef) -> AuthorizeBet:
        known = self.random.random() < 0.1
        key = self.bet(ref) if known else self.new_bet(ref)
        self.recent[ref] = [*self.recent.get(ref, []), key][-BETS_RECENT_MAX:]
        chosen = (
            self.random.choice(["CASINO_NORMAL", "CASINO_BONUS"])
            if key.provider_id == "royal-live"
            else ""
        )
        if self.random.random() < 0.05:
            chosen = self.random.choice(["", "CASINO_NORMAL", "HOUSE"])
        rounds = self.random.choice(["", "", "round-1"])
        return AuthorizeBet(key, self.amount(ref, 1, 50), round_ref=rounds, selected_source=chosen)

    def settle(self, ref: WalletRef) -> SettleBet:
        settled = self.settled.setdefault(ref, [])
        key, portion = self.bet(ref), self.random.choice(["", "", "a", "b"])
        new = not settled or self.random.random() < 0.5
        if new:
            self.settled[ref] = [*settled, (key, portion)][-SETTLED_RECENT_MAX:]
        else:
            key, portion = self.random.choice(settled)
        command = SettleBet(
            key,
            self.random.randint(1, 20),
            self.random.choice([self.amount(ref, 0, 0), self.amount(ref, 1, 200)]),
            portion_ref=portion,
        )
        if new and portion and self.random.random() < 0.8:
            command = replace(command, stake=self.amount(ref, 1, 25))
        if self.random.random() < 0.2:
            command = replace(command, refund=self.amount(ref, 0, 20))
        if self.random.random() < 0.2:
            kind = self.random.choice([ResultKind.WON, ResultKind.LOST, ResultKind.VOID])
            nothing = Amount(ref.currency_code, 0)
            command = replace(command, result_kind=kind)
            command = command if kind is ResultKind.WON else replace(command, payout=nothing)
        return command

    def unsettle(self, ref: WalletRef) -> UnsettleBet:
        refs = self.random.choice([(), (), (), ("",), ("a",), ("a", "b")])
        return UnsettleBet(self.bet(ref), self.random.randint(5, 25), refs)

    def roll_back(self, ref: WalletRef) -> RollbackTransaction:
        key = self.new_bet(ref) if self.random.random() < 0.1 else self.bet(ref)
        amount = self.random.choice([None, None, None, None, self.amount(ref, 1, 50)])
        return RollbackTransaction(key, amount)

    def bet(self, ref: WalletRef) -> BetKey:
        """Draws a bet that was named before, more likely than not."""
        recent = self.recent.get(ref, [])
        if not recent or self.random.random() < 0.02:
            return self.new_bet(ref)
        return self.random.choice(recent)

    def new_bet(self, ref: WalletRef) -> BetKey:
        providers = BOOKING_PROVIDERS if ref.tenant_id == "shop" else RUBY_PROVIDERS
        provider = (
            providers[-1] if self.random.random() < 0.03 else self.random.choice(providers[:-1])
        )
        return BetKey(provider, f"bet-{self.count}")

    def bucket(self, ref: WalletRef) -> str:
        codes = BOOKING_BUCKETS if ref.tenant_id == "shop" else RUBY_BUCKETS
        return codes[-1] if self.random.random() < 0.03 else self.random.choice(codes[:-1])

    def amount(self, ref: WalletRef, low: int, high: int) -> Amount:
        """Draws an amount: now and then a huge one, or one of another currency."""
        asset = ref.currency_code if self.random.random() > 0.01 else "GBP"
        huge = high and self.random.random() < 0.004
        return Amount(
            asset,
            self.random.choice([2**62, 2**63 - 1]) if huge else self.random.randint(low, high),
        )
