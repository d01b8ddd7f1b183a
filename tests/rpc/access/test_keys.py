"""Public keys: which are taken, from a file, and how they are changed."""

import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.rpc.access.descriptors import no_more_files
from tests.rpc.access.key_sets import ED, jwk, jwks
from wallet_server.rpc.access.key_sources import KeyFile, KeyRing
from wallet_server.rpc.access.keys import KeysError, name_of, read_keys

EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def pem(key: Any) -> bytes:
    encoded: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def test_pem_may_hold_keys_of_three_kinds() -> None:
    keys = read_keys(b"a comment\n" + pem(ED) + pem(EC) + b"\n" + pem(RSA))

    assert [key.algorithm for key in keys] == ["EdDSA", "ES256", "RS256"]
    assert [key.key_id for key in keys] == [name_of(each.public_key()) for each in (ED, EC, RSA)]


def test_a_key_set_may_hold_keys_for_others_too() -> None:
    content = jwks(
        jwk(ED, "mine"),
        jwk(ED, "to-encrypt-with") | {"use": "enc"},
        {"kty": "a-kind-to-come", "kid": "new"},
    )

    [key] = read_keys(content)

    assert (key.key_id, key.algorithm, key.key) == ("mine", "EdDSA", ED.public_key())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key",
        b"{}",
        b'{"keys": []}',
        b'{"keys": 5}',
        b'{"keys": [5]}',
        b"{",
        jwks(jwk(ED, "k") | {"d": "c2VjcmV0"}),
        jwks({"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}),
        pem(ED) * 65,
        ED.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        pem(ED).replace(b"A", b"B"),
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(rsa.generate_private_key(public_exponent=65_537, key_size=1_024)),  # noqa: S505
        pem(ed448.Ed448PrivateKey.generate()),
    ],
)
def test_what_is_unfit_is_not_taken(content: bytes) -> None:
    with pytest.raises(KeysError):
        read_keys(content)


# --- A file


def write(path: Path, content: bytes) -> None:
    """Replaces a file, as whoever changes keys should."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    os.replace(fresh, path)  # noqa: PTH105 - so that nobody sees half of it.


async def test_keys_of_a_file_are_changed_while_it_is_read(tmp_path: Path) -> None:
    path, new = tmp_path / "keys.pem", Ed25519PrivateKey.generate()
    write(path, pem(ED))
    ring = KeyRing(KeyFile(path))
    await ring.load()
    old_id, new_id = name_of(ED.public_key()), name_of(new.public_key())

    assert [key.key_id for key in ring.find(None)] == [old_id]
    write(path, pem(ED) + pem(new))
    assert ring.find(new_id) == []
    await ring.refresh()
    assert [key.key_id for key in ring.find(None)] == [old_id, new_id]
    write(path, pem(new))
    await ring.refresh()
    assert ring.find(old_id) == []
    assert ring.version == 3


async def test_a_file_that_makes_no_sense_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "keys.pem"
    write(path, pem(ED))
    ring = KeyRing(KeyFile(path))
    await ring.load()

    for harm in (lambda: write(path, b"rubbish"), path.unlink):
        harm()
        await ring.refresh()

    assert len(ring.find(None)) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert all(str(path) in record.message for record in caplog.records)


async def test_a_file_that_could_not_be_opened_is_read_when_it_can(tmp_path: Path) -> None:
    """A key that was taken out must not stay for want of a descriptor at that moment."""
    path, new = tmp_path / "keys.pem", Ed25519PrivateKey.generate()
    write(path, pem(ED))
    ring = KeyRing(KeyFile(path))
    await ring.load()
    write(path, pem(new))

    with no_more_files():
        await ring.refresh()
    assert [key.key_id for key in ring.find(None)] == [name_of(ED.public_key())]

    await ring.refresh()
    assert [key.key_id for key in ring.find(None)] == [name_of(new.public_key())]


async def test_keys_that_cannot_be_read_at_first_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match=r"keys\.pem: No such file"):
        await KeyRing(KeyFile(tmp_path / "keys.pem")).load()


# --- An address
