"""Calls a wallet server: keeps its request ids, retries what is safe, raises typed errors.

    async with WalletClient("localhost:50051") as wallets:
        await wallets.authorize_bet(AuthorizeBetRequest(...))

Start reading at `client.py`.
"""

from wallet_client.batch import CommandOutcome, CommandRequest, CommandResponse
from wallet_client.calls import Token
from wallet_client.client import WalletClient
from wallet_client.errors import (
    ConflictError,
    DamagedFileError,
    DeclinedError,
    FieldViolation,
    ForbiddenError,
    InternalError,
    InvalidRequestError,
    NotFoundError,
    OutcomeUnknownError,
    StaleError,
    UnauthenticatedError,
    UnavailableError,
    WalletError,
)
from wallet_client.retry import RetryPolicy

__all__ = [
    "CommandOutcome",
    "CommandRequest",
    "CommandResponse",
    "ConflictError",
    "DamagedFileError",
    "DeclinedError",
    "FieldViolation",
    "ForbiddenError",
    "InternalError",
    "InvalidRequestError",
    "NotFoundError",
    "OutcomeUnknownError",
    "RetryPolicy",
    "StaleError",
    "Token",
    "UnauthenticatedError",
    "UnavailableError",
    "WalletClient",
    "WalletError",
]
