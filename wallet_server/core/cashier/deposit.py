"""A deposit, once it is approved."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DepositState(StrEnum):
    """The life of a deposit."""

    APPROVED = "APPROVED"


@dataclass(frozen=True, slots=True)
class Deposit:
    """Money that arrived from outside, credited to a bucket."""

    deposit_id: str
    bucket: str
    asset_code: str
    amount: int
    state: DepositState
    sequence: int
    create_time: datetime
