"""Due items as submissions that no number of servers can make twice."""

from hashlib import blake2b

from wallet_server.core.due_commands import due_command, due_name
from wallet_server.execution.submission import Submission
from wallet_server.storage.due_items import DueItem

ITEM_DIGEST_BYTES = 12
REQUEST_ID_CHARACTERS_MAX = 64


def submission_of(item: DueItem, attempts_count: int) -> Submission:
    """Returns what is submitted for an item that was tried so often to no avail.

    It belongs to the flow of work of the command that made the item.
    """
    request_id = request_id_of(item, attempts_count)
    return Submission(item.wallet, request_id, due_command(item.key), item.correlation_id)


def request_id_of(item: DueItem, attempts_count: int) -> str:
    """Returns the `request_id` that every server has for an item as it is.

    It has spaces, which those of callers cannot have: nobody can take it before us. The
    attempts are in it because an answer is for ever: what was refused once, or came before
    its time by the clock of the server that recorded it, is decided anew under another.
    """
    kind, item_id = due_name(item.key)
    digest = blake2b(item_id.encode(), digest_size=ITEM_DIGEST_BYTES).hexdigest()
    request_id = f"due {kind.lower()} {digest} {item.revision} {attempts_count}"
    assert len(request_id) <= REQUEST_ID_CHARACTERS_MAX
    return request_id
