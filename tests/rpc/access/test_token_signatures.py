"""Tokens: who has signed them, and which are believed."""

import hashlib
import hmac

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.rpc.access.token_desk import (
    EC,
    ED,
    RSA,
    desk,
    encoded,
    signed,
)
from wallet_server.rpc.access.keys import verifying_key


async def test_a_token_of_another_key_is_not_believed() -> None:
    office = await desk()
    stranger = Ed25519PrivateKey.generate()

    assert (
        await office.complaint(signed(office.claims(), stranger))
        == await office.complaint(signed(office.claims(), stranger, kid="other"))
        == "is signed by no known key"
    )


async def test_a_token_without_a_key_id_is_tried_with_every_key_of_its_kind() -> None:
    office = await desk(
        verifying_key(Ed25519PrivateKey.generate().public_key(), "a"),
        verifying_key(EC.public_key(), "b"),
        verifying_key(ED.public_key(), "c"),
    )

    token = jwt.encode(office.claims(), ED, algorithm="EdDSA")

    assert (await office.verify(token)).subject == "games"


async def test_a_token_without_a_signature_is_not_believed() -> None:
    office = await desk()
    header = {"alg": "none", "kid": "ed"}
    for algorithm in ("none", "None", "NONE"):
        token = f"{encoded(header | {'alg': algorithm})}.{encoded(office.claims())}."
        assert await office.complaint(token) == "is signed by no known key"


@pytest.mark.parametrize("kid", ["ed", "rsa"])
async def test_a_public_key_is_no_shared_secret(kid: str) -> None:
    keys = {"ed": ED.public_key(), "rsa": RSA.public_key()}
    office = await desk(*(verifying_key(key, name) for name, key in keys.items()))
    secret = keys[kid].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = f"{encoded({'alg': 'HS256', 'kid': kid})}.{encoded(office.claims())}"
    signature = hmac.new(secret, said.encode(), hashlib.sha256).digest()

    assert await office.complaint(f"{said}.{encoded(signature)}") == "is signed by no known key"


async def test_the_algorithm_is_the_keys_and_not_the_tokens() -> None:
    office = await desk(verifying_key(RSA.public_key(), "ed"))

    token = signed(office.claims(), RSA, "RS512")

    assert await office.complaint(token) == "is signed by no known key"


async def test_a_changed_claim_breaks_the_signature() -> None:
    office = await desk()
    header, _, signature = signed(office.claims()).split(".")
    claims = office.claims(wallet_roles=["owner"])

    changed = f"{header}.{encoded(claims)}.{signature}"

    assert await office.complaint(changed) == "is signed by no known key"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "..", "e30.e30.e30", "a" * 8_000])
async def test_what_is_no_token_is_not_believed(token: str) -> None:
    office = await desk()

    assert await office.complaint(token) in {"is no JSON Web Token", "is signed by no known key"}


async def test_a_key_that_is_not_known_is_looked_for() -> None:
    office = await desk()
    new = Ed25519PrivateKey.generate()
    office.source.keys = [verifying_key(new.public_key(), "new")]

    principal = await office.verify(signed(office.claims(), new, kid="new"))

    assert principal.subject == "games"
    assert office.source.missed == [True]
    # The old one is gone with that.
    assert await office.complaint(signed(office.claims())) == "is signed by no known key"
