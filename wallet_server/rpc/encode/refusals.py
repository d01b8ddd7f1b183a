"""Refusals, as messages that tell of them."""

from wallet.v1.refusal_pb2 import Refusal as RefusalMessage
from wallet_server.core.refusals import Refusal
from wallet_server.rpc import status


def encode_refusal(refusal: Refusal) -> RefusalMessage:
    """Encodes a refusal as it was, or would be, answered."""
    return RefusalMessage(
        reason=refusal.reason,
        message=status.message_of(refusal),
        metadata=status.metadata_of(refusal),
        code=status.code_of(refusal),
    )
