"""A bar that shows how far something is, where somebody watches."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class ProgressBar(Protocol):
    """Shows how far something is."""

    def show(self, done: int, total: int) -> None:
        """Takes how much is done, of how much."""
        ...


class NoBar:
    """Shows nothing: nobody watches."""

    def show(self, done: int, total: int) -> None:
        """Does nothing."""


class RichBar:
    """Shows a bar in a terminal."""

    def __init__(self, progress: Progress, what: str) -> None:
        """Adds a bar for something."""
        self._progress = progress
        self._task = progress.add_task(what, total=None)

    def show(self, done: int, total: int) -> None:
        """Moves the bar."""
        self._progress.update(self._task, completed=min(done, total), total=total)


@contextmanager
def progress_bar(what: str) -> Generator[ProgressBar]:
    """Lends a bar, on standard error; if that is no terminal, one that shows nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield NoBar()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        yield RichBar(progress, what)
