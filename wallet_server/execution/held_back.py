"""Work on many things of which some may fail: the others are done first, and then it is told."""

from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from wallet_server.execution.errors import NO_FAULT_OF_ONE
from wallet_server.storage.troubles import Trouble, trouble_of


class HeldBack:
    """Holds back what befalls one of many. The first of it is raised where the block ends."""

    def __init__(self) -> None:
        """Holds nothing yet."""
        self._first: Exception | None = None

    def __enter__(self) -> Self:
        """Begins with the first of many."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Raises what was held back, unless the block ends by an error of its own."""
        if error is None and self._first is not None:
            raise self._first

    @contextmanager
    def one(self) -> Generator[None]:
        """Does one of many. Others are none the worse if it fails.

        Raises:
            Fault: None could be done now: the engine has no room, stops, or has no database.
            OSError: The database is lost; or what asyncpg or SQLAlchemy raise for that.
        """
        try:
            yield
        except Exception as error:  # noqa: BLE001 - `hold` says which of them are raised at once.
            self.hold(error)

    def hold(self, error: Exception) -> None:
        """Holds back why one failed, or raises it where no other could be done either."""
        if isinstance(error, NO_FAULT_OF_ONE) or trouble_of(error) is Trouble.LOST:
            raise error
        self._first = self._first or error
