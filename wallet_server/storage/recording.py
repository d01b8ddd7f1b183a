"""Records a batch in one statement, which is one serializable transaction.

First it claims the wallets: it updates their root rows, in the order of their keys, if
their sequences, and the revisions of their players, are still those that the batch was
decided on. If one is not, or a tenant's epoch has moved, or the terms of a bet are not
there, it divides by zero and so undoes itself.
"""

from wallet_server.core.batch import Fold
from wallet_server.storage.connections import Connection
from wallet_server.storage.loading import Loaded
from wallet_server.storage.record_statement import RARE_ROWS, RECORD, RECORD_USUAL
from wallet_server.storage.recording_arguments import record_arguments

NO_ROWS = "[]"


async def record(connection: Connection, fold: Fold, loaded: Loaded) -> None:
    """Records what a batch decided, all of it or nothing. The terms of its bets are there."""
    arguments = record_arguments(fold, loaded)
    has_rare = any(arguments[name] != NO_ROWS for name in RARE_ROWS)
    statement = RECORD if has_rare else RECORD_USUAL
    await connection.execute(statement.sql, *(arguments[name] for name in statement.names))
