"""One wallet to tell stories of.

States and changes are written as in the worked examples: `SN 50, SB 20, O:SN 30`. `O:`
stands before open stake, and `GAME` for the house's account of whatever provider type.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.core.rules import configuration
from wallet_server.core.accounts import Account, bucket, debt, open_stake
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.batch import Failed, Fold, Recorded, Repeated, Result, Task
from wallet_server.core.bets.bet import Bet, ResultKind, ResultOrdering
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.decision import Replay
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.players.player import Player
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import Refusal
from wallet_server.core.wallet import Wallet

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
REF = WalletRef("demo", "ann", "EUR")
SHORT_NAMES = {
    "bkt:": "",
    "open:": "O:",
    "hold:": "HOLD:",
    "H:GAME:": "GAME:",
    "DEBT:EUR": "DEBT",
}


def vector(text: str) -> dict[str, int]:
    """Returns what `SN -30, O:SN +30` says."""
    pairs = (part.split() for part in text.split(",") if part.strip())
    return {account: int(amount) for account, amount in pairs}


def short(account: Account) -> str:
    """Returns what stories call an account."""
    for prefix, name in SHORT_NAMES.items():
        if account.startswith(prefix):
            return "GAME" if name == "GAME:" else name + account.removeprefix(prefix)
    return account


def shortened(changes: Mapping[Account, int]) -> dict[str, int]:
    """Returns amounts by short name, without zeros."""
    return {short(account): amount for account, amount in changes.items() if amount}


def account_of(name: str) -> Account:
    """Returns the account of the player's that a story names."""
    if name == "DEBT":
        return debt("EUR")
    return open_stake(name.removeprefix("O:")) if name.startswith("O:") else bucket(name)


def eur(amount: int) -> Amount:
    """Returns an amount of the wallet's currency."""
    return Amount("EUR", amount)


def maybe_eur(amount: int | None) -> Amount | None:
    """Returns an amount of the wallet's currency, if any is given."""
    return None if amount is None else eur(amount)


class World:
    """A wallet with what is configured for its tenant.

    Each method sends one command under a request id of its own and returns what it came
    to: an outcome or the reason of a refusal. What was answered before starts with
    `REPLAYED` under another request id, with `REPEATED` under the same.
    """

    def __init__(
        self,
        balances: str = "",
        *changes: Policy | ProviderProfile | WalletPolicy | Topology,
        frozen: str = "",
        status: AccountStatus = AccountStatus.ACTIVE,
    ) -> None:
        wallet = Wallet(
            REF,
            sequence=1,
            create_time=START,
            update_time=START,
            player=Player(status=status),
            balances={account_of(name): amount for name, amount in vector(balances).items()},
            frozen_buckets=frozenset(frozen.split()),
        )
        self.fold = Fold({"demo": configuration(*changes)}, {REF: wallet}, {})
        self.last: Result | None = None
        self.requests = 0

    @property
    def wallet(self) -> Wallet:
        return self.fold.wallets[REF]

    @property
    def balances(self) -> dict[str, int]:
        """What the whole wallet holds, by short name."""
        return shortened(self.wallet.balances)

    @property
    def answer(self) -> Answer:
        """The answer to the last command, which must have been recorded."""
        assert isinstance(self.last, Recorded)
        return self.last.answer

    @property
    def entry(self) -> PostedEntry:
        """The one entry of the last command."""
        (entry,) = self.answer.entries
        return entry

    @property
    def posted(self) -> dict[str, int]:
        """What the last command posted, by short name."""
        changes = [c for entry in self.answer.entries for c in entry.changes]
        return shortened({c.account: c.change for c in changes})

    @property
    def refusal(self) -> Refusal:
        """The refusal that the last command got."""
        if isinstance(self.last, Recorded | Repeated):
            assert self.last.answer.refusal is not None
            return self.last.answer.refusal
        if isinstance(self.last, Replay):
            assert self.last.refusal is not None
            return self.last.refusal
        assert isinstance(self.last, Refusal)
        return self.last

    def bet(self, bet_ref: str = "b1", provider: str = "sports") -> Bet:
        return self.wallet.bets[BetKey(provider, bet_ref)]

    def configure(
        self, *changes: Policy | ProviderProfile | WalletPolicy | Topology, version: int = 2
    ) -> None:
        """Makes another configuration the active one: the examples' with these changes."""
        self.fold.configurations = {"demo": configuration(*changes, version=version)}

    def change(
        self,
        *,
        balances: str | None = None,
        frozen: str | None = None,
        status: AccountStatus | None = None,
    ) -> None:
        """Makes the wallet another behind the commands' back."""
        wallet = self.wallet
        if balances is not None:
            amounts = {account_of(name): amount for name, amount in vector(balances).items()}
            wallet = replace(wallet, balances=amounts)
        if frozen is not None:
            wallet = replace(wallet, frozen_buckets=frozenset(frozen.split()))
        if status is not None:
            wallet = replace(wallet, player=replace(wallet.player, status=status))
        self.fold.wallets[REF] = wallet
        if status is not None:
            self.fold.changed_players["demo", "ann"] = wallet.player

    def run(self, command: Command, request_id: str = "") -> str:
        self.requests += 1
        task = Task(REF, request_id or f"request-{self.requests}", command)
        self.last = self.fold.run_one(task, START + timedelta(seconds=self.requests))
        return told(self.last)

    def authorize(
        self,
        stake: int,
        bet_ref: str = "b1",
        *,
        provider: str = "sports",
        selected: str = "",
        round_ref: str = "",
    ) -> str:
        key = BetKey(provider, bet_ref)
        return self.run(
            AuthorizeBet(key, eur(stake), round_ref=round_ref, selected_source=selected)
        )

    def settle(
        self,
        payout: int,
        bet_ref: str = "b1",
        *,
        version: int = 1,
        portion: str = "",
        stake: int | None = None,
        refund: int | None = None,
        kind: ResultKind | None = None,
        provider: str = "sports",
        ordering: ResultOrdering | None = None,
    ) -> str:
        return self.run(
            SettleBet(
                BetKey(provider, bet_ref),
                version,
                eur(payout),
                portion_ref=portion,
                stake=maybe_eur(stake),
                refund=maybe_eur(refund),
                result_kind=kind,
                ordering=ordering,
            )
        )

    def unsettle(
        self,
        version: int,
        *portions: str,
        bet_ref: str = "b1",
        provider: str = "sports",
        ordering: ResultOrdering | None = None,
    ) -> str:
        return self.run(UnsettleBet(BetKey(provider, bet_ref), version, portions, ordering))

    def roll_back(
        self, bet_ref: str = "b1", *, amount: int | None = None, provider: str = "sports"
    ) -> str:
        return self.run(RollbackTransaction(BetKey(provider, bet_ref), maybe_eur(amount)))

    def deposit(self, amount: int, code: str = "SN", deposit_id: str = "d1") -> str:
        return self.run(ApproveDeposit(deposit_id, code, eur(amount)))

    def adjust(self, amount: int, code: str = "SN") -> str:
        return self.run(AdjustBalance(code, eur(amount), "TEST"))


def told(result: Result) -> str:
    """Returns what a command came to, in one or two words."""
    match result:
        case Recorded(answer=answer):
            return told_answer(answer)
        case Repeated(answer=answer):
            return f"REPEATED {told_answer(answer)}"
        case Replay(refusal=refusal, outcome=outcome):
            return f"REPLAYED {refusal.reason if refusal else outcome.value}"
        case Refusal():
            return result.reason
        case Failed(error=error):
            raise error


def told_answer(answer: Answer) -> str:
    if answer.refusal is not None:
        return answer.refusal.reason
    assert answer.outcome is not None
    return answer.outcome.value
