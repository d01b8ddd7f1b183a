"""The keys of the chain: Ed25519, in PEM. The private one is never in the database."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from wallet_server.core.administration.chain import Block, Head

KEY_ID_DIGITS = 16
PRIVATE_MODE = 0o600
SIGNED_PREFIX = b"wallet-server chain head 1\0"


class ChainKeyError(Exception):
    """A key cannot be used. The message says which and why."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key that signs blocks."""

    key: Ed25519PrivateKey

    @property
    def key_id(self) -> str:
        """What the key is called: the beginning of its public half's digest."""
        return key_id_of(self.key.public_key())

    def sign(self, block: Block) -> Block:
        """Returns the block with a signature."""
        signature = self.key.sign(SIGNED_PREFIX + block.block_hash)
        return replace(block, key_id=self.key_id, signature=signature)


class PublicKeys:
    """Keys that signatures are checked by: the one in use, and those before it."""

    def __init__(self, keys: Iterable[Ed25519PublicKey]) -> None:
        """Knows the keys by their ids."""
        self._by_id = {key_id_of(key): key for key in keys}

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._by_id)

    def find_problem(self, head: Block | Head) -> str:
        """Returns what is wrong with a signature; nothing if it is good."""
        if not head.key_id:
            return "it is not signed"
        key = self._by_id.get(head.key_id)
        if key is None:
            return f"it is signed by the key {head.key_id}, which is unknown"
        try:
            key.verify(head.signature, SIGNED_PREFIX + head.block_hash)
        except InvalidSignature:
            return f"its signature is not of the key {head.key_id}"
        return ""


def key_id_of(key: Ed25519PublicKey) -> str:
    """Returns what a public key is called."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:KEY_ID_DIGITS]


def load_signing_key(path: Path) -> SigningKey:
    """Reads the key that signs.

    Raises:
        ChainKeyError: It cannot be read, or is of another kind.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ChainKeyError(f"{path}: {error.strerror}") from error
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        message = f"{path}: it holds no private key in PEM, or one with a password"
        raise ChainKeyError(message) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ChainKeyError(f"{path}: it is no Ed25519 key")
    return SigningKey(key)


def load_public_keys(paths: Iterable[Path]) -> PublicKeys:
    """Reads keys that signatures are checked by.

    Raises:
        ChainKeyError: One cannot be read, or is of another kind.
    """
    return PublicKeys([_load_public_key(path) for path in paths])


def _load_public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise ChainKeyError(f"{path}: {error.strerror}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ChainKeyError(f"{path}: it holds no public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ChainKeyError(f"{path}: it is no Ed25519 key")
    return key


def make_key_pair(path: Path) -> tuple[Path, str]:
    """Writes a new private key to a file, and its public half beside it, ending in `.pub`.

    Returns where the public one is, and the id of both. Only this account may read the private
    one.

    Raises:
        ChainKeyError: A file is there already, or cannot be written.
    """
    public_path = path.with_name(path.name + ".pub")
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        _write_new(path, private, PRIVATE_MODE)
        _write_new(public_path, public, 0o644)
    except OSError as error:
        raise ChainKeyError(str(error)) from error
    return public_path, key_id_of(key.public_key())


def _write_new(path: Path, content: bytes, mode: int) -> None:
    """Writes a file that is not there yet."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
