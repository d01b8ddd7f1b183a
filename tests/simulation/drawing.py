"""Random commands for others to send: drawn against what the ones before them came to."""

from datetime import datetime
from random import Random

from tests.simulation.commands import CommandSource
from tests.simulation.store import Store
from tests.simulation.surroundings import Rules
from wallet_server.core.commands import (
    JOB_COMMANDS,
    ApproveWithdrawal,
    CancelRolling,
    CloseRound,
    ConfirmLimitIncrease,
    DeclineDeposit,
)
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.task import Task


def draw_tasks(
    seed: int, count: int, now: datetime, wallet_policy: WalletPolicy | None = None
) -> list[Task]:
    """Draws so many tasks that callers may send, under rules that stay as they ship.

    Only the wallet policy of all tenants may be another.
    """
    random = Random(seed)
    rules, store = Rules(random, time=now), Store()
    if wallet_policy is not None:
        rules.set_wallet_policy(wallet_policy)
    source = CommandSource(random, store, rules, time=now)
    tasks: list[Task] = []
    while len(tasks) < count:
        task = source.task()
        if is_for_the_scheduler(task):
            continue
        tasks.append(task)
        fold = store.load([task], rules)
        fold.run_one(task, now)
        store.record(fold)
    return tasks


def is_for_the_scheduler(task: Task) -> bool:
    """Tells whether a task is of a kind that no caller can send."""
    if type(task.command) in JOB_COMMANDS:
        return True
    match task.command:
        case CloseRound(implicit=True) | CancelRolling(expired=True):
            return True
        case DeclineDeposit(expired=True) | ApproveWithdrawal(automatic=True):
            return True
        case ConfirmLimitIncrease(lapsed=True):
            return True
        case _:
            return False
