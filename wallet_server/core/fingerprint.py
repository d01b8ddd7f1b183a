"""Tells whether two commands under one `request_id` are the same.

The fingerprint is of the decoded command in a canonical form (`canonical.py`). That
leaves out what has its default, so a field added later, with a default, leaves the
fingerprints of commands recorded before it as they were. The form has a version, which
is the first byte: a command is compared in the form that the earlier one was recorded in.
"""

from hashlib import blake2b

from wallet_server.core.canonical import canonical_text
from wallet_server.core.commands import Command

VERSION = 1
PREFIX = bytes([VERSION])
DIGEST_BYTES = 16
EMPTY_DIGEST = blake2b(digest_size=DIGEST_BYTES)


def fingerprint(command: Command) -> bytes:
    """Returns the fingerprint of a command in the newest form."""
    digest = EMPTY_DIGEST.copy()
    digest.update(canonical_text(command).encode())
    return PREFIX + digest.digest()


def is_same(command: Command, recorded: bytes) -> bool:
    """Tells whether a command is the one that was recorded with a fingerprint.

    Raises:
        ValueError: The fingerprint is in a form that this release does not know.
    """
    if not is_readable(recorded):
        message = f"unknown form of fingerprint: {recorded.hex()}"
        raise ValueError(message)
    return fingerprint(command) == recorded


def is_readable(recorded: bytes) -> bool:
    """Tells whether a fingerprint is in a form that this release knows."""
    return len(recorded) == 1 + DIGEST_BYTES and recorded[0] == VERSION
