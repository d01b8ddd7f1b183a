"""The public keys that tokens are signed with: what they look like, and which are good enough.

The key says which algorithm its signatures have, never the token: so none is checked with a public
key as if that were a shared secret, and none goes without a signature.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, TypeAlias

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

PublicKey: TypeAlias = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey

KEYS_MAX = 64
RSA_BITS_MIN = 2048
PEM_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)


class KeysError(Exception):
    """Keys cannot be read. The message says why."""


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key, by the name that tokens have for it, and the algorithm of its signatures."""

    key_id: str
    algorithm: str
    key: PublicKey


def read_keys(content: bytes) -> tuple[VerifyingKey, ...]:
    """Returns the keys of a JWKS, or of one or more PEM blocks.

    Raises:
        KeysError: There is none, too many, or one that is unfit.
    """
    keys = keys_of_jwks(content) if content.lstrip().startswith(b"{") else keys_of_pem(content)
    if not 0 < len(keys) <= KEYS_MAX:
        raise KeysError(f"there must be 1 to {KEYS_MAX} public keys, and there are {len(keys)}")
    return keys


def keys_of_pem(content: bytes) -> tuple[VerifyingKey, ...]:
    """Returns the keys of PEM blocks, each under the name that `name_of` gives it."""
    keys: list[VerifyingKey] = []
    for block in PEM_BLOCK.finditer(content):
        if block[1] != b"PUBLIC KEY":
            raise KeysError(f"a PEM block is a {block[1].decode()}, not a PUBLIC KEY")
        try:
            keys.append(verifying_key(load_pem_public_key(block[0]), ""))
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeysError("a PEM block is no public key") from error
    return tuple(keys)


def keys_of_jwks(content: bytes) -> tuple[VerifyingKey, ...]:
    """Returns the keys of a JWKS that are for signatures of a kind that is accepted.

    Others are left out, as a set may be for more than one reader; a secret one is wrong, as
    others can read it too.
    """
    try:
        listed: list[dict[str, Any]] = json.loads(content)["keys"]
        return tuple(key for each in listed if (key := key_of_jwk(each)) is not None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysError("it is no JSON Web Key Set") from error


def key_of_jwk(described: dict[str, Any]) -> VerifyingKey | None:
    """Returns a key of a JWKS, or none if it is not for us."""
    if described.get("use", "sig") != "sig":
        return None
    if "d" in described or "k" in described:
        raise KeysError("a key of the set is a secret one")
    try:
        key = jwt.PyJWK(described).key
        return verifying_key(key, str(described.get("kid", "")))
    except (jwt.PyJWTError, KeysError):
        return None


def verifying_key(key: object, key_id: str) -> VerifyingKey:
    """Returns a key with its algorithm.

    Raises:
        KeysError: It is of no kind that is accepted, or too short.
    """
    match key:
        case Ed25519PublicKey():
            return VerifyingKey(key_id or name_of(key), "EdDSA", key)
        case EllipticCurvePublicKey(curve=SECP256R1()):
            return VerifyingKey(key_id or name_of(key), "ES256", key)
        case RSAPublicKey(key_size=size) if size >= RSA_BITS_MIN:
            return VerifyingKey(key_id or name_of(key), "RS256", key)
        case _:
            raise KeysError(f"keys must be Ed25519, P-256, or RSA of {RSA_BITS_MIN} bits or more")


def name_of(key: PublicKey) -> str:
    """Returns what a key is called where nobody named it: the start of its digest."""
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = hashlib.sha256(encoded).digest()
    return base64.urlsafe_b64encode(digest).decode()[:16]
