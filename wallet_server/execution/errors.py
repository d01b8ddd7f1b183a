"""What the engine raises: a refusal on its way out, and the faults nobody decided."""

from collections.abc import Mapping

from wallet_server.core.refusals import Refusal


class RefusedError(Exception):
    """A command or read was refused."""

    def __init__(self, refusal: Refusal, *, replayed: bool = False) -> None:
        """Carries the refusal, and whether it was given before."""
        super().__init__(refusal.reason)
        self.refusal = refusal
        self.replayed = replayed


class Fault(Exception):  # noqa: N818 - the glossary's word: what nobody decided.
    """Sending the same request again is safe, and may succeed."""

    def details(self) -> Mapping[str, str]:
        """Returns its facts by name, for callers."""
        return {}


class HinderedError(Exception):
    """Work that no caller waits for cannot be done for now.

    The message says why. It is for logs, and holds no secrets.
    """


class ContentionError(Fault):
    """Every attempt ended in a conflict with other work on the same wallet."""


class OverloadedError(Fault):
    """A queue is full. Nothing was done."""


class ExportLimitError(Fault):
    """As many files of the tenant are being made as may be at once. Nothing was done."""

    def __init__(self, limit: int) -> None:
        """Carries how many may be."""
        super().__init__(limit)
        self.limit = limit

    def details(self) -> Mapping[str, str]:
        """Returns how many may be."""
        return {"limit": str(self.limit)}


class ShuttingDownError(Fault):
    """The server is about to stop. Nothing was done."""


class StorageUnavailableError(Fault):
    """The database cannot be reached, or was lost on the way."""


NO_FAULT_OF_ONE = OverloadedError | ShuttingDownError | StorageUnavailableError
"""What would befall any other as well: where there are many to do, it is held against none."""


class ConfigurationChangingError(Fault):
    """The tenant's configuration changed at every attempt."""


class SequenceNotReachedError(Fault):
    """The wallet has not reached the sequence that a read asks for."""

    def __init__(self, minimum_sequence: int, sequence: int) -> None:
        """Carries what was asked for and what there is."""
        super().__init__(f"{sequence} < {minimum_sequence}")
        self.minimum_sequence = minimum_sequence
        self.sequence = sequence

    def details(self) -> Mapping[str, str]:
        """Returns what was asked for and what there is."""
        return {"minimum_sequence": str(self.minimum_sequence), "sequence": str(self.sequence)}


class StatementsNotReadyError(Fault):
    """The tenant's statements are being made from the ledger."""


class PositionNotRolledUpError(Fault):
    """The tenant's statements have not come to the position that a read asks for."""

    def __init__(self, minimum_position: int, position: int) -> None:
        """Carries what was asked for and what there is."""
        super().__init__(f"{position} < {minimum_position}")
        self.minimum_position = minimum_position
        self.position = position

    def details(self) -> Mapping[str, str]:
        """Returns what was asked for and what there is."""
        return {"minimum_position": str(self.minimum_position), "position": str(self.position)}


class DeadlinePassedError(Fault):
    """The caller's deadline passed before the command could start."""
