"""What is told of due work that does not go well."""

import logging

from wallet_server.core.due_commands import due_name
from wallet_server.core.ids import locate
from wallet_server.execution.errors import Fault, RefusedError
from wallet_server.storage.due_items import DueItem

logger = logging.getLogger(__name__)


def tell_of_failure(item: DueItem, error: Exception, attempts_count: int) -> None:
    """Logs that an item failed. A first refusal is no warning: it may have changed just then."""
    kind, item_id = due_name(item.key)
    extra = {
        "kind": kind,
        "item_id": item_id,
        "wallet_id": str(locate(item.wallet).wallet_id),
        "attempts": attempts_count + 1,
    }
    if isinstance(error, RefusedError):
        level = logging.WARNING if attempts_count else logging.INFO
        logger.log(level, "a due item was refused: %s", error.refusal.reason, extra=extra)
    elif isinstance(error, Fault):
        logger.warning("a due item waits: %s", type(error).__name__, extra=extra)
    else:
        logger.error("a due item failed", exc_info=error, extra=extra)
