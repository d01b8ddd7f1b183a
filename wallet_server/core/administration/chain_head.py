"""The end of a chain of blocks, in which entries and audit records are sealed."""

from datetime import datetime

from wallet_server.core.value import value


@value
class ChainHead:
    """The last block of a chain. It is signed by the key of `key_id`, if that is not empty."""

    chain: int
    number: int
    seal_time: datetime
    block_hash: bytes
    previous_hash: bytes
    contents_hash: bytes
    key_id: str
    signature: bytes
