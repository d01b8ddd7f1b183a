"""Random commands: mostly sensible, often repeated, stale, foreign or absurd."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from tests.simulation import (
    bet_commands,
    cashier_commands,
    draining_commands,
    gift_commands,
    play_commands,
    player_commands,
    withdrawal_commands,
)
from tests.simulation.store import Store
from tests.simulation.surroundings import START, Rules
from wallet_server.core.accounts import Account
from wallet_server.core.commands import (
    Amount,
    Command,
    OpenWallet,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item
from wallet_server.core.rounds.win import Win, WinState
from wallet_server.core.task import Task

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
WALLET_WEIGHTS = (30, 14, 18, 18, 1, 1)
OPENINGS_COUNT = 2 * len(WALLETS)
"""How many of the first tasks open wallets, mostly."""

TASKS_RECENT_MAX = 40
NAMES_RECENT_MAX = 5
ROUNDS_RECENT_MAX = 3

Draw = Callable[["CommandSource", WalletRef], Command | None]
Name = BetKey | str | tuple[str, str]

DRAWS: Mapping[Draw, int] = {
    cashier_commands.draw_open: 1,
    cashier_commands.draw_create: 6,
    cashier_commands.draw_approve: 8,
    cashier_commands.draw_decline: 4,
    cashier_commands.draw_reverse_deposit: 5,
    cashier_commands.draw_adjust: 18,
    cashier_commands.draw_write_off: 7,
    withdrawal_commands.draw_request: 8,
    withdrawal_commands.draw_approve: 10,
    withdrawal_commands.draw_reject: 3,
    withdrawal_commands.draw_cancel: 5,
    withdrawal_commands.draw_submit: 8,
    withdrawal_commands.draw_confirm: 8,
    withdrawal_commands.draw_fail: 4,
    withdrawal_commands.draw_return: 5,
    player_commands.draw_status: 5,
    player_commands.draw_limit: 4,
    player_commands.draw_confirm: 3,
    player_commands.draw_due: 5,
    bet_commands.draw_authorize: 32,
    bet_commands.draw_settle: 52,
    bet_commands.draw_unsettle: 6,
    bet_commands.draw_rollback: 3,
    play_commands.draw_cash_out: 6,
    play_commands.draw_win: 14,
    play_commands.draw_close: 5,
    play_commands.draw_play: 7,
    play_commands.draw_round_rollback: 2,
    play_commands.draw_win_rollback: 3,
    play_commands.draw_release: 5,
    play_commands.draw_due: 5,
    gift_commands.draw_grant: 8,
    gift_commands.draw_revoke: 2,
    gift_commands.draw_expire: 2,
    gift_commands.draw_promotion: 10,
    gift_commands.draw_reverse: 6,
    gift_commands.draw_forfeit: 2,
    gift_commands.draw_transfer: 10,
    gift_commands.draw_complete: 20,
    gift_commands.draw_cancel: 2,
    draining_commands.draw_drain: 6,
    draining_commands.draw_replan: 12,
}


@dataclass
class CommandSource:
    """Draws tasks. It remembers what it has drawn, and looks at what is on record."""

    random: Random
    store: Store
    rules: Rules
    count: int = 0
    time: datetime = START
    names: dict[tuple[WalletRef, str], list[Name]] = field(
        default_factory=dict[tuple[WalletRef, str], list[Name]]
    )
    tasks: list[Task] = field(default_factory=list[Task])

    def task(self) -> Task:
        """Draws a task: a new one, one sent before, or another under an old request id."""
        self.count += 1
        drawn = self.random.random()
        if self.tasks and drawn < 0.08:
            return self.random.choice(self.tasks)
        ref = self.random.choices(WALLETS, WALLET_WEIGHTS)[0]
        is_opening = self.count <= OPENINGS_COUNT
        if is_opening and self.random.random() < 0.7:
            ref = WALLETS[self.count % len(WALLETS)]
        command = OpenWallet() if is_opening else self.command(ref)
        task = Task(ref, f"request-{self.count}", command, self.random.choice(["", "flow"]))
        if self.tasks and drawn < 0.16:
            old = self.random.choice(self.tasks)
            by_content = replace(old, request_id=task.request_id)
            by_name = replace(task, request_id=old.request_id)
            task = self.random.choice([by_content, by_name])
        self.tasks = [*self.tasks, task][-TASKS_RECENT_MAX:]
        return task

    def command(self, ref: WalletRef) -> Command:
        """Draws a command for a wallet."""
        draws, weights = list(DRAWS), list(DRAWS.values())
        while True:
            command = self.random.choices(draws, weights)[0](self, ref)
            if command is not None:
                return command

    # What is remembered by name.

    def remember(self, ref: WalletRef, kind: str, name: Name, most: int = NAMES_RECENT_MAX) -> None:
        names = [each for each in self.names.get((ref, kind), []) if each != name]
        self.names[ref, kind] = [*names, name][-most:]

    def forget(self, ref: WalletRef, kind: str, name: Name) -> None:
        """Stops naming what came to nothing, more often than not."""
        if self.random.random() < 0.8:
            names = self.names.get((ref, kind), [])
            self.names[ref, kind] = [each for each in names if each != name]

    def known(self, ref: WalletRef, kind: str) -> Name | None:
        names = self.names.get((ref, kind))
        return self.random.choice(names) if names else None

    def reference(self, ref: WalletRef, kind: str) -> str:
        """Draws a reference: a new one, now and then one that something else may have."""
        if self.random.random() < 0.95:
            return f"{kind}-{self.count}-{self.random.randint(1, 9)}"
        names = [*self.names.get((ref, "bet"), ()), *self.names.get((ref, "transaction"), ())]
        return self.random.choice(names)[1] if names else "unheard-of"

    def bet(self, ref: WalletRef) -> BetKey:
        """Draws a bet that was named before, more likely than not."""
        key = self.known(ref, "bet")
        if not isinstance(key, BetKey) or self.random.random() < 0.02:
            return BetKey(self.provider(ref), self.reference(ref, "bet"))
        return key

    def round(self, ref: WalletRef) -> tuple[str, str]:
        """Draws a round by its provider and its reference: one of the last, or a new one."""
        found = self.known(ref, "round")
        if found is None or isinstance(found, str) or self.random.random() < 0.15:
            found = (self.provider(ref), f"round-{self.count}")
            self.remember(ref, "round", found, ROUNDS_RECENT_MAX)
        return found[0], found[1]

    def gift(self, ref: WalletRef, kind: str) -> str:
        """Draws the id of a coupon grant or a promotion."""
        name = self.known(ref, kind)
        if isinstance(name, str) and self.random.random() < 0.9:
            return name
        name = self.reference(ref, "gift")
        self.remember(ref, kind, name)
        return name

    def coupon_to_name(self, ref: WalletRef) -> str:
        """Draws the coupon that a bet names: mostly none."""
        name = self.known(ref, "grant")
        return name if isinstance(name, str) and self.random.random() < 0.15 else ""

    # What is on record or configured.

    def held(self, ref: WalletRef) -> Mapping[Account, int]:
        records = self.store.records.get(ref)
        return records.wallet.balances if records else {}

    def items(self, ref: WalletRef) -> list[Item]:
        records = self.store.records.get(ref)
        return list(records.items.values()) if records else []

    def suspended(self, ref: WalletRef) -> list[BetKey]:
        records = self.store.records.get(ref)
        wins = records.wins.values() if records else ()
        return [w.key for w in wins if isinstance(w, Win) and w.state is WinState.SUSPENDED]

    def codes(self, ref: WalletRef) -> list[str]:
        configuration = self.rules.configurations.get(ref.tenant_id)
        if configuration is None:
            return ["nowhere"]
        return [each.code for each in configuration.topology.value.buckets]

    def edges(self, ref: WalletRef) -> list[tuple[str, str]]:
        configuration = self.rules.configurations.get(ref.tenant_id)
        edges = configuration.topology.value.transfer_edges if configuration else ()
        return [(each.source, each.target) for each in edges]

    def bucket(self, ref: WalletRef) -> str:
        return "nowhere" if self.random.random() < 0.03 else self.random.choice(self.codes(ref))

    def asset(self, ref: WalletRef, code: str) -> str:
        """Returns the asset of a bucket, more likely than not."""
        is_points = code == "points" and self.random.random() < 0.95
        return "PTS" if is_points else ref.currency_code

    def provider(self, ref: WalletRef) -> str:
        providers = BOOKING_PROVIDERS if ref.tenant_id == "shop" else RUBY_PROVIDERS
        if self.random.random() < 0.03:
            return providers[-1]
        return self.random.choice(providers[:-1])

    def selected_source(self, provider_id: str) -> str:
        """Draws what the player chooses, where there is a choice, more likely than not."""
        if self.random.random() < 0.05:
            return self.random.choice(["", "CASINO_NORMAL", "HOUSE"])
        choices = ["CASINO_NORMAL", "CASINO_BONUS"]
        return self.random.choice(choices) if provider_id == "royal-live" else ""

    def amount(self, ref: WalletRef, low: int, high: int) -> Amount:
        """Draws an amount: now and then a huge one, or one of another currency."""
        asset = ref.currency_code if self.random.random() > 0.01 else "GBP"
        huge = high and self.random.random() < 0.004
        return Amount(
            asset,
            self.random.choice([2**62, 2**63 - 1]) if huge else self.random.randint(low, high),
        )
