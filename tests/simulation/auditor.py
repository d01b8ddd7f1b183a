"""Follows a wallet through the answers it gives, and says what must hold of them.

The numbers in comments are those of the invariants in the domain's description.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.bet_book import BetBook, nonzero, placed
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.batch import Failed, Recorded, Repeated, Result, Task
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import (
    AdjustBalance,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.policy import AutoOrder, PlayerSelected, Policy
from wallet_server.core.config.topology import OWN_MONEY
from wallet_server.core.decision import Replay
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import Refusal
from wallet_server.core.wallet import Wallet

UNDONE = frozenset({"ROLLED_BACK", "TOMBSTONED"})
NOT_ABOUT_RESULTS = frozenset({"CURRENCY_MISMATCH", "WALLET_NOT_FOUND", "TENANT_NOT_FOUND"})
OF_THE_RESULT = frozenset(
    {
        "APPLIED",
        "PORTION_REF_REQUIRED",
        "PORTION_TOO_LARGE",
        "REFUND_EXCEEDS_STAKE",
        "PAYOUT_WITHOUT_STAKE",
        "RESULT_INCONSISTENT",
        "TRANSACTION_PAYLOAD_MISMATCH",
        "CORRECTION_SHORTFALL",
        "AMOUNT_OUT_OF_RANGE",
    }
)


@dataclass
class Surroundings:
    """What else a command was decided by."""

    configuration: Configuration | None = None
    status: str = "ACTIVE"
    frozen: frozenset[str] = frozenset()


@dataclass
class WalletAudit:
    """One wallet, as its answers tell of it."""

    sequence: int = 0
    balances: Counter[str] = field(default_factory=Counter[str])
    house: Counter[str] = field(default_factory=Counter[str])
    answers: dict[str, tuple[Command, Answer]] = field(
        default_factory=dict[str, tuple[Command, Answer]]
    )
    bets: dict[BetKey, BetBook] = field(default_factory=dict[BetKey, BetBook])
    deposits: dict[str, int] = field(default_factory=dict[str, int])
    open_stake: Counter[str] = field(default_factory=Counter[str])
    last_time: datetime | None = None
    around: Surroundings = field(default_factory=Surroundings)

    def observe(self, task: Task, result: Result, around: Surroundings) -> None:
        """Takes in the answer to one command."""
        self.around = around
        known = self.answers.get(task.request_id)
        match result:
            case Failed(error=error):
                raise error
            case Repeated(answer=answer):  # I46
                assert known == (task.command, answer)
            case Replay():
                self.check_replay(task.command, result)
            case Refusal():
                self.check_unrecorded(task, result)
            case Recorded(answer=answer):
                assert known is None  # I6, I46
                self.check_recorded(task, answer)
                self.answers[task.request_id] = (task.command, answer)

    def check_replay(self, command: Command, replay: Replay) -> None:
        """A replay points to the answer that the same content got under another request id."""
        first = next((c, a) for c, a in self.answers.values() if a.sequence == replay.sequence)
        assert first[0] == command  # I46
        assert first[1].refusal == replay.refusal
        if isinstance(command, AuthorizeBet) and replay.refusal is None:
            assert replay.bet == first[1].bet

    def check_unrecorded(self, task: Task, refusal: Refusal) -> None:
        """What is not recorded has its reason."""
        known = self.answers.get(task.request_id)
        match refusal.reason:
            case "TENANT_NOT_FOUND":
                assert self.around.configuration is None
            case "REQUEST_ID_REUSED":  # I46
                assert known is not None
                assert known[0] != task.command
                return
            case "WALLET_NOT_FOUND":
                assert self.sequence == 0
            case _:
                self.check_said(task.command, refusal.reason)
        assert known is None

    def check_recorded(self, task: Task, answer: Answer) -> None:
        self.sequence += 1
        assert answer.sequence == self.sequence  # I7
        assert answer.command == type(task.command).__name__
        assert (answer.outcome is None) != (answer.refusal is None)
        assert self.last_time is None or answer.answer_time >= self.last_time
        self.last_time = answer.answer_time
        said = (
            answer.outcome.value
            if answer.outcome
            else answer.refusal.reason
            if answer.refusal
            else ""
        )
        assert not answer.entries or said == "APPLIED"  # I17, I48
        self.check_said(task.command, said)
        before = self.balances.copy()
        for ordinal, entry in enumerate(answer.entries):
            assert (entry.sequence, entry.ordinal) == (self.sequence, ordinal)
            assert (entry.request_id, entry.command) == (task.request_id, answer.command)  # I6
            self.post(entry)
        self.check_effect(task.command, answer, said, before)

    def post(self, entry: PostedEntry) -> None:
        """Takes in an entry, and checks it against what the wallet held."""
        assert sum(change.change for change in entry.changes) == 0  # I1
        assert len(entry.changes) >= 2
        for change in entry.changes:
            assert change.change != 0
            if change.account.startswith("H:"):
                assert change.balance_after is None
                self.house[change.account] += change.change
                continue
            self.balances[change.account] += change.change
            balance = self.balances[change.account]
            assert change.balance_after == balance  # I3
            assert balance <= 0 if is_debt(change.account) else balance >= 0  # I8
            assert abs(balance) < 2**63
            assert change.change > 0 or change.account[4:] not in self.around.frozen  # I10

    def check_said(self, command: Command, said: str) -> None:
        """The outcome or reason is one that the command can have here."""
        if said in NOT_ABOUT_RESULTS:
            return
        match command:
            case AuthorizeBet():
                self.check_authorize(command, said)
            case SettleBet():
                assert said in self.settle_outcomes(command)
            case UnsettleBet():
                assert said in self.unsettle_outcomes(command)
            case RollbackTransaction():
                assert said in self.rollback_outcomes(command)
            case ApproveDeposit():
                self.check_deposit(command, said)
            case AdjustBalance():
                assert not said.startswith("ACCOUNT_")
            case OpenWallet():
                opened = "APPLIED" if self.sequence == 1 else "ALREADY_APPLIED"
                assert said in {opened, "CURRENCY_NOT_SUPPORTED"}

    def check_deposit(self, command: ApproveDeposit, said: str) -> None:
        if self.around.status in {"SELF_EXCLUDED", "FROZEN", "CLOSED"}:
            assert said != "APPLIED"
        if said == "APPLIED":
            assert command.deposit_id not in self.deposits

    def check_authorize(self, command: AuthorizeBet, said: str) -> None:
        book = self.bets.get(command.bet)
        if book is not None and book.state == "TOMBSTONED":
            assert said == "BET_TOMBSTONED"  # I18
            return
        if self.around.status != "ACTIVE":  # I41
            assert said in {f"ACCOUNT_{self.around.status}", "TRANSACTION_PAYLOAD_MISMATCH"}
        if said == "APPLIED":  # I18
            assert book is None or (book.state == "DECLINED" and self.may_try_again(command))

    def may_try_again(self, command: AuthorizeBet) -> bool:
        assert self.around.configuration is not None
        profile = self.around.configuration.profiles[command.bet.provider_id].value
        return profile.declined_retry.value == "NEW_ATTEMPT"

    def settle_outcomes(self, command: SettleBet) -> frozenset[str] | set[str]:
        book = self.bets.get(command.bet)
        if book is None:
            return {"BET_NOT_FOUND"}
        if book.state in UNDONE:
            return {"BET_ROLLED_BACK"}
        if book.state == "DECLINED":
            return {"ILLEGAL_TRANSITION"}
        known = book.version(command.portion_ref)
        if command.result_version < known:  # I19
            return {"STALE_VERSION"}
        if command.result_version > known:
            return OF_THE_RESULT - (set() if book.rejects else {"CORRECTION_SHORTFALL"})
        piece = book.pieces.get(command.portion_ref)
        if piece is None or piece.payout != command.payout.minor_units:
            return {"RESULT_VERSION_CONFLICT"}
        return {"RESULT_VERSION_CONFLICT", "ALREADY_APPLIED"}

    def unsettle_outcomes(self, command: UnsettleBet) -> set[str]:
        book = self.bets.get(command.bet)
        if book is None:
            return {"BET_NOT_FOUND"}
        if book.state in UNDONE:
            return {"BET_ROLLED_BACK"}
        refs = command.portion_refs or tuple(book.pieces) or tuple(book.taken_back)
        if any(book.version(ref) == 0 for ref in refs):
            return {"PORTION_NOT_FOUND"}
        known = max((book.version(ref) for ref in refs), default=0)
        if command.result_version < known:
            return {"STALE_VERSION"}
        if command.result_version == known:
            return {"ALREADY_APPLIED", "RESULT_VERSION_CONFLICT"}
        if book.state != "SETTLED":
            return {"ILLEGAL_TRANSITION"}
        if not any(ref in book.pieces for ref in refs):
            return {"PORTION_NOT_FOUND"}
        return {"APPLIED", "AMOUNT_OUT_OF_RANGE"} | (
            {"CORRECTION_SHORTFALL"} if book.rejects else set()
        )

    def rollback_outcomes(self, command: RollbackTransaction) -> set[str]:
        book = self.bets.get(command.bet)
        if book is None:
            return {"TOMBSTONED"}
        if (
            command.amount
            and book.state != "TOMBSTONED"
            and command.amount.minor_units != book.stake
        ):
            return {"AMOUNT_MISMATCH"}
        if book.state in UNDONE:
            return {"ALREADY_ROLLED_BACK"}
        if book.state == "DECLINED":
            return {"PARENT_DECLINED"}
        short = {"CORRECTION_SHORTFALL"} if book.rejects else set[str]()
        if book.state != "SETTLED":
            return {"APPLIED", "AMOUNT_OUT_OF_RANGE"} | short
        return {"APPLIED", "BET_ALREADY_SETTLED", "AMOUNT_OUT_OF_RANGE"} | short

    def check_effect(
        self, command: Command, answer: Answer, said: str, before: Counter[str]
    ) -> None:
        """What was posted is what the command should do, and no more."""
        match command:
            case AuthorizeBet() | SettleBet() | UnsettleBet() | RollbackTransaction():
                self.check_bet(command, answer, said, before)
            case ApproveDeposit() if said == "APPLIED":
                self.deposits[command.deposit_id] = command.amount.minor_units
                self.check_credited(
                    answer, f"bkt:{command.bucket}", "H:CASH", command.amount.minor_units
                )
            case AdjustBalance() if said == "APPLIED":
                self.check_credited(
                    answer, f"bkt:{command.bucket}", "H:ADJUST", command.amount.minor_units
                )
            case _:
                assert not answer.entries

    def check_credited(self, answer: Answer, account: str, house: str, amount: int) -> None:
        (entry,) = answer.entries
        changes = Counter[str]({change.account: change.change for change in entry.changes})
        repaid = changes.pop(f"DEBT:{entry.asset_code}", 0)
        assert repaid == 0 or house == "H:CASH"
        assert repaid >= 0
        changes[account] += repaid
        assert nonzero(changes) == {account: amount, house: -amount}

    def check_bet(
        self,
        command: AuthorizeBet | SettleBet | UnsettleBet | RollbackTransaction,
        answer: Answer,
        said: str,
        before: Counter[str],
    ) -> None:
        open_before = self.open_of(command.bet)
        self.take_in(command, answer, said)
        book = self.bets.get(command.bet)
        if book is None:
            return
        self.open_stake.subtract(open_before)
        self.open_stake.update(self.open_of(command.bet))
        for entry in answer.entries:
            assert (entry.provider_id, entry.bet_ref) == (
                command.bet.provider_id,
                command.bet.bet_ref,
            )
            book.postings.update({change.account: change.change for change in entry.changes})
        if said == "APPLIED":
            self.check_postings(book, answer, before)
        elif answer.bet is not None:
            assert answer.bet.state.value == book.state
        held = {a: n for a, n in self.balances.items() if a.startswith("open:") and n}
        assert held == nonzero(self.open_stake)  # I12

    def open_of(self, key: BetKey) -> Counter[str]:
        book = self.bets.get(key)
        total = Counter[str]()
        if book is not None:
            for line, share in zip(book.lines, book.open_shares(), strict=True):
                total[f"open:{line.source}"] += share
        return total

    def take_in(self, command: Command, answer: Answer, said: str) -> None:
        """Does to the bet what the answer says was done."""
        match command:
            case AuthorizeBet(bet=key) if said == "APPLIED":
                assert answer.bet is not None
                self.bets[key] = placed(answer.bet)
                self.check_funding(command, answer.bet)
            case AuthorizeBet(bet=key) if (
                key not in self.bets or self.bets[key].state == "DECLINED"
            ):
                self.bets[key] = BetBook("DECLINED", command.stake.minor_units)
            case SettleBet() if said == "APPLIED":
                void = command.result_kind is not None and command.result_kind.value == "VOID"
                stake, refund = command.stake, command.refund
                self.bets[command.bet].settle(
                    command.portion_ref,
                    command.result_version,
                    command.payout.minor_units,
                    None if stake is None else stake.minor_units,
                    None if refund is None else refund.minor_units,
                    void=void,
                )
            case UnsettleBet() if said == "APPLIED":
                self.bets[command.bet].unsettle(command.portion_refs, command.result_version)
            case RollbackTransaction(bet=key) if said == "APPLIED":
                self.bets[key].state = "ROLLED_BACK"
            case RollbackTransaction(bet=key) if said == "TOMBSTONED":
                self.bets[key] = BetBook("TOMBSTONED")
            case _:
                pass

    def check_funding(self, command: AuthorizeBet, bet: Bet) -> None:
        """The sources that the active policy lets pay cover the stake, exactly."""
        assert self.around.configuration is not None
        assert bet.snapshot is not None
        policy = self.around.configuration.policies[bet.snapshot.provider_type].value
        assert {line.source for line in bet.lines} <= sources_of(policy, command.selected_source)
        assert sum(line.amount for line in bet.lines) == command.stake.minor_units  # I11

    def check_postings(self, book: BetBook, answer: Answer, before: Counter[str]) -> None:
        """I13, I14, I16 and I20: the entries are the position and what stood in for it."""
        bet = answer.bet
        assert bet is not None
        assert bet.state.value == book.state
        assert bet.lines == book.lines
        expected = book.position()
        assert sum(expected.values()) == 0
        for move in bet.substitutions:
            assert move.amount > 0
            expected[move.source] -= move.amount
            expected[move.target] += move.amount
        assert nonzero(book.postings) == nonzero(expected)
        if book.state == "ROLLED_BACK":
            assert not any(n for a, n in book.postings.items() if a.startswith(("H:", "open:")))
        self.check_stand_ins(book, answer, before)
        book.substituted = bool(bet.substitutions)

    def check_stand_ins(self, book: BetBook, answer: Answer, before: Counter[str]) -> None:
        """What stood in was own money or debt, and only where something was missing or owed."""
        assert answer.bet is not None
        own_money = own_money_of(self.around.configuration)
        changes = {c.account: c.change for entry in answer.entries for c in entry.changes}
        for move in answer.bet.substitutions:
            assert is_debt(move.source) or move.source[4:] in own_money
        owed = any(n for account, n in self.balances.items() if is_debt(account))
        if answer.command == "SettleBet" and owed:
            assert not any(
                n > 0 and a[4:] in own_money for a, n in changes.items() if a.startswith("bkt:")
            )
        if book.substituted:
            return
        for account, change in changes.items():
            if is_debt(account) and change < 0:
                targets = [m.target for m in answer.bet.substitutions if is_debt(m.source)]
                assert not any(self.balances[t] for t in targets if t[4:] not in self.around.frozen)
            if is_debt(account) and change > 0:
                assert answer.command == "SettleBet"
        self.check_nothing_needless(book, answer, before)

    def check_nothing_needless(self, book: BetBook, answer: Answer, before: Counter[str]) -> None:
        """A wallet that has what the bet takes, and owes nothing, posts the plain position."""
        assert answer.bet is not None
        plain = book.position()
        for entry in answer.entries:
            plain.update({c.account: c.change for c in entry.changes})
        plain.subtract(book.postings)
        taken = {a: n for a, n in plain.items() if n < 0 and a.startswith("bkt:")}
        there = all(
            before[a] + n >= 0 and a[4:] not in self.around.frozen for a, n in taken.items()
        )
        if there and not any(n for a, n in before.items() if is_debt(a)):
            assert answer.bet.substitutions == ()

    def check_stored(self, wallet: Wallet) -> None:
        """I3, I4: the wallet holds what its entries say."""
        assert wallet.sequence == self.sequence
        assert {a: n for a, n in wallet.balances.items() if n} == nonzero(self.balances)
        assert sum(self.balances.values()) + sum(self.house.values()) == 0


def own_money_of(configuration: Configuration | None) -> frozenset[str]:
    """Returns the codes of the buckets that hold the player's own money."""
    assert configuration is not None
    buckets = configuration.topology.value.buckets
    return frozenset(each.code for each in buckets if each.bucket_class in OWN_MONEY)


def sources_of(policy: Policy, selected: str) -> frozenset[str]:
    """Returns the sources that a policy lets pay."""
    match policy.funding_mode:
        case AutoOrder(order=order):
            return frozenset(order)
        case PlayerSelected(choices=choices):
            return frozenset(s for c in choices if c.name == selected for s in c.sources)
        case mode:
            return frozenset(each.source for each in mode.sources)


def is_debt(account: str) -> bool:
    return account.startswith("DEBT:")
