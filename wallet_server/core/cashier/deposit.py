"""A deposit, once it is approved."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.value import value


class DepositState(StrEnum):
    """The life of a deposit."""

    APPROVED = "APPROVED"


@value
class Deposit:
    """Money that arrived from outside, credited to a bucket."""

    deposit_id: str
    bucket: str
    asset_code: str
    amount: int
    state: DepositState
    sequence: int
    create_time: datetime
