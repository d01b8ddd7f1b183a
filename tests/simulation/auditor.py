"""Follows a wallet through the answers it gives, and says what must hold of them.

It is written from the domain's description alone. The numbers in comments are those of the
invariants there. What is audited apart: the books (`ledger`), bets, rounds and wins,
coupons, rolling, gifts, money in and out, and the player over all wallets.
"""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from tests.simulation.adjustment_audit import AdjustmentAudit
from tests.simulation.bet_audit import BetAudit
from tests.simulation.coupon_audit import CouponAudit
from tests.simulation.deposit_audit import DepositAudit
from tests.simulation.draining_audit import check_draining
from tests.simulation.event_audit import EventAudit
from tests.simulation.gift_audit import GiftAudit
from tests.simulation.law_audit import check_law
from tests.simulation.ledger import Ledger, changes_of, nonzero
from tests.simulation.play_limit_audit import PlayLimitAudit, own_open_stake, own_sources
from tests.simulation.player_audit import PlayerAudit
from tests.simulation.rolling_audit import RollingAudit
from tests.simulation.round_audit import RoundAudit
from tests.simulation.status_audit import check_status
from tests.simulation.step import Step, Surroundings
from tests.simulation.withdrawal_audit import WithdrawalAudit
from wallet_server.core.answer import Answer
from wallet_server.core.batch import Failed, Recorded, Repeated, Result, Task
from wallet_server.core.commands import ApproveDeposit, AuthorizeBet, Command, CreateDeposit
from wallet_server.core.decision import Replay
from wallet_server.core.refusals import Refusal
from wallet_server.core.wallet import Wallet

MOVES_MONEY = frozenset({"APPLIED", "REVIEW"})
NOT_ABOUT_THE_WALLET = frozenset({"CURRENCY_MISMATCH", "WALLET_NOT_FOUND", "TENANT_NOT_FOUND"})


@dataclass
class WalletAudit:
    """One wallet, as its answers tell of it."""

    player: PlayerAudit
    sequence: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    answers: dict[str, tuple[Command, Answer]] = field(
        default_factory=dict[str, tuple[Command, Answer]]
    )
    by_sequence: dict[int, str] = field(default_factory=dict[int, str])
    bets: BetAudit = field(default_factory=BetAudit)
    rounds: RoundAudit = field(default_factory=RoundAudit)
    coupons: CouponAudit = field(default_factory=CouponAudit)
    rolling: RollingAudit = field(default_factory=RollingAudit)
    gifts: GiftAudit = field(default_factory=GiftAudit)
    adjustments: AdjustmentAudit = field(default_factory=AdjustmentAudit)
    last_time: datetime | None = None

    def __post_init__(self) -> None:
        self.events = EventAudit(self.player.told)
        self.withdrawals = WithdrawalAudit(self.player)
        self.deposits = DepositAudit(self.player, self.withdrawals)
        self.play_limits = PlayLimitAudit(self.player)

    def observe(
        self,
        task: Task,
        result: Result,
        around: Surroundings,
        before: Wallet | None,
        after: Wallet | None,
    ) -> None:
        """Takes in the answer to one command, and what it found and left."""
        known = self.answers.get(task.request_id)
        if not isinstance(result, Recorded):
            assert before is after or isinstance(result, Failed)  # I48
        match result:
            case Failed(error=error):
                raise error
            case Repeated(answer=answer):  # I46
                assert known == (task.command, answer)
            case Replay():
                self.check_replay(task.command, result)
            case Refusal():
                self.check_unrecorded(task, result, around)
            case Recorded(answer=answer, events=events):
                assert known is None  # I6, I46
                assert after is not None
                self.check_recorded(task, answer, around, before, after)
                self.events.take(events, before, after, self.ledger)
                self.answers[task.request_id] = (task.command, answer)
                self.by_sequence[answer.sequence] = task.request_id

    def check_replay(self, command: Command, replay: Replay) -> None:
        """A replay points to the answer that the same content got under another request id."""
        first, answer = self.answers[self.by_sequence[replay.sequence]]
        if type(first) is type(command):
            assert content_of(first, command) == command, (first, command)  # I46
            assert answer.refusal == replay.refusal
            if replay.result is not None:
                assert (replay.outcome, replay.result) == (answer.outcome, answer.result)
        if isinstance(command, AuthorizeBet) and replay.refusal is None:
            assert replay.bet is not None
            assert replay.bet.stake == command.stake.minor_units

    def check_unrecorded(self, task: Task, refusal: Refusal, around: Surroundings) -> None:
        """What is not recorded has its reason."""
        known = self.answers.get(task.request_id)
        match refusal.reason:
            case "TENANT_NOT_FOUND":
                assert around.configuration is None
            case "REQUEST_ID_REUSED":  # I46
                assert known is not None
                assert known[0] != task.command
                return
            case "WALLET_NOT_FOUND":
                assert self.sequence == 0
            case _:
                self.check_said(task.command, refusal.reason, around)
        assert known is None

    def check_said(self, command: Command, said: str, around: Surroundings) -> None:
        if said not in NOT_ABOUT_THE_WALLET:
            check_status(command, said, around)
            self.bets.check_said(command, said, around)

    def check_recorded(
        self,
        task: Task,
        answer: Answer,
        around: Surroundings,
        before: Wallet | None,
        after: Wallet,
    ) -> None:
        self.sequence += 1
        assert answer.sequence == self.sequence  # I7
        assert answer.command == type(task.command).__name__
        assert (answer.outcome is None) != (answer.refusal is None)
        assert self.last_time is None or answer.answer_time >= self.last_time
        self.last_time = answer.answer_time
        step = Step(task.command, answer, before, after, around, self.ledger.balances.copy())
        self.check_said(task.command, step.said, around)
        if answer.refusal is not None:
            check_refused(step)
        self.post(task, step)
        self.bets.take(step, self.ledger)
        self.rounds.take(step, self.ledger, self.bets.bets)
        self.coupons.take(step, self.ledger, self.bets.bets)
        self.gifts.take(step)
        check_law(step)
        check_draining(step, self.ledger)
        self.take_money(step)
        self.rolling.take(step, self.bets.bets)

    def take_money(self, step: Step) -> None:
        """Takes in what is about money in and out, and about the player."""
        own = own_sources(step)
        self.player.take(step, own_open_stake(step.balances_before, own))
        self.play_limits.take(step, self.bets, self.ledger)
        self.withdrawals.take(step, self.rolling.requirements)
        self.deposits.take(step, self.ledger)
        self.withdrawals.check(step, self.ledger)
        self.adjustments.take(step)
        assert self.ledger.house["H:CASH"] == self.deposits.cash + self.withdrawals.cash  # I39
        wins = self.rounds.wins.values()
        suspended = sum(win.amount for win in wins if win.state.value == "SUSPENDED")
        assert self.ledger.house["H:SUSPENSE"] == self.deposits.suspense + suspended

    def post(self, task: Task, step: Step) -> None:
        """Takes the entries in. Only what was applied has any."""
        assert not step.answer.entries or step.said in MOVES_MONEY  # I17, I48
        touched = step.bets.keys() | step.wins.keys()
        for ordinal, entry in enumerate(step.answer.entries):
            assert (entry.sequence, entry.ordinal) == (self.sequence, ordinal)
            assert (entry.request_id, entry.command) == (task.request_id, step.answer.command)  # I6
            named = (entry.provider_id, entry.bet_ref)
            assert named == ("", "") or named in touched
            self.ledger.post(entry)
        # What comes to a frozen bucket may go on at once; what it held stays.
        for account, change in changes_of(step.answer.entries).items():
            assert change >= 0 or account[4:] not in step.around.frozen, account  # I10

    def check_stored(self, wallet: Wallet) -> None:
        """I3, I4: the wallet holds what its entries say."""
        assert wallet.sequence == self.sequence
        held = {account: n for account, n in wallet.balances.items() if n}
        assert held == nonzero(self.ledger.balances)
        self.ledger.check()


def check_refused(step: Step) -> None:
    """I48, R16: a command that is refused leaves nothing but the memory of a declined bet.

    What waits for a second person is remembered too.
    """
    assert not step.items or step.said == "APPROVAL_REQUIRED"
    assert not step.wins
    for key, (_, bet) in step.bets.items():
        assert bet.state.value == "DECLINED", key


def content_of(first: Command, again: Command) -> Command:
    """Returns a command with what may differ when it is sent again: who sends it, and says why.

    Of a deposit that is known, the payment's method and the payout need not be said again.
    """
    free = {"actor", "comment"}
    if isinstance(again, CreateDeposit | ApproveDeposit):
        free |= {name for name in ("method", "withdrawal_id") if not getattr(again, name)}
    names = free & {each.name for each in fields(again)}
    return replace(first, **{name: getattr(again, name) for name in names})
