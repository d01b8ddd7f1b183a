"""Sets of keys, as who issues tokens publishes them."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

ED = Ed25519PrivateKey.generate()


def jwk(key: Ed25519PrivateKey, key_id: str) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(key.public_key(), as_dict=False))
    return described | {"kid": key_id, "use": "sig", "alg": "EdDSA"}


def jwks(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


# --- What is taken
