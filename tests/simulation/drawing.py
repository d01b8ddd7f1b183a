"""Random commands for others to send: drawn against what the ones before them came to."""

from datetime import datetime
from random import Random

from tests.simulation.commands import CommandSource
from tests.simulation.store import Store
from tests.simulation.surroundings import Rules
from wallet_server.core.batch import Task
from wallet_server.core.commands import CancelRolling, CloseRound


def draw_tasks(seed: int, count: int, now: datetime) -> list[Task]:
    """Draws so many tasks that callers may send, under rules that stay as they ship."""
    random = Random(seed)
    rules, store = Rules(random, time=now), Store()
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
    command = task.command
    return (isinstance(command, CloseRound) and command.implicit) or (
        isinstance(command, CancelRolling) and command.expired
    )
