"""How metrics read what workers say."""

from collections.abc import Callable, Iterable

from wallet_server.serving.metric_kinds import Sample
from wallet_server.serving.state import ServerView, WorkerView


def each_worker(read: Callable[[WorkerView], float]) -> Callable[[ServerView], Iterable[Sample]]:
    """Returns what reads a number of each worker, labelled with the worker's."""
    return lambda view: ((str(worker.number), read(worker)) for worker in view.workers)


def all_workers(read: Callable[[WorkerView], float]) -> Callable[[ServerView], Iterable[Sample]]:
    """Returns what reads the sum of a number over all workers."""
    return lambda view: (("", sum(read(worker) for worker in view.workers)),)


def any_worker(read: Callable[[WorkerView], float]) -> Callable[[ServerView], Iterable[Sample]]:
    """Returns what reads the greatest of a number over all workers."""
    return lambda view: (("", max((read(worker) for worker in view.workers), default=0.0)),)
