"""One thing that is wrong with a document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Where, why and, in words, what is wrong.

    `path` is that of the document's own fields, such as `buckets[2].asset_code`;
    `reason` is a constant in capitals, such as `UNKNOWN_BUCKET`.
    """

    path: str
    reason: str
    message: str

    def __str__(self) -> str:
        """Returns one line for people."""
        return f"{self.path or '(document)'}: {self.reason}: {self.message}"
