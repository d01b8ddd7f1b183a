"""Callers who prove who they are: keys, tokens and certificates, made for a test."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from wallet_server.rpc.access.issuing import SigningKey, TokenContent

KEY = SigningKey.new()
"""One for all tests: nothing depends on which it is."""

TENANT = "demo"
HOUR_SECONDS = 3_600


def token_for(
    *roles: str,
    subject: str = "caller",
    tenants: Sequence[str] = (TENANT,),
    player_id: str = "",
    may_vouch: bool = False,
    person: str = "",
    own_player_id: str = "",
    key: SigningKey = KEY,
    age_seconds: int = 0,
    lifetime_seconds: int = HOUR_SECONDS,
) -> str:
    """Returns a token that was issued so long ago."""
    content = TokenContent(
        subject=subject,
        roles=roles,
        tenants=tenants,
        player_id=player_id,
        may_vouch=may_vouch,
        person=person,
        own_player_id=own_player_id,
    )
    issued = datetime.now(UTC) - timedelta(seconds=age_seconds)
    return key.sign(content, issued, seconds=lifetime_seconds)


def bearing(token: str) -> tuple[tuple[str, str], ...]:
    """Returns the metadata of a call that brings a token."""
    return (("authorization", f"Bearer {token}"),)


@dataclass
class HandClock:
    """A clock that a test sets."""

    time: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self.time += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Identity:
    """A certificate with its private key, in PEM, and the certificate itself."""

    certificate: bytes
    key: bytes
    parsed: x509.Certificate


class Authority:
    """Signs certificates, valid from yesterday to tomorrow."""

    def __init__(self, name: str = "Test Authority") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.root = pem_of(self._sign(self._name, self._key, [], is_authority=True))

    def issue(
        self,
        name: str = "",
        *,
        uris: Sequence[str] = (),
        hosts: Sequence[str] = (),
        extensions: Sequence[x509.ExtensionType] = (),
    ) -> Identity:
        """Returns a certificate for a common name, URIs and host names."""
        key = ec.generate_private_key(ec.SECP256R1())
        named = [x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else []
        names = [
            *map(x509.UniformResourceIdentifier, uris),
            *map(x509.DNSName, hosts),
        ]
        certificate = self._sign(x509.Name(named), key, names, extensions)
        encoded = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return Identity(pem_of(certificate), encoded, certificate)

    def _sign(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        names: Sequence[x509.GeneralName],
        extensions: Sequence[x509.ExtensionType] = (),
        *,
        is_authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self._key, SHA256())


def pem_of(certificate: x509.Certificate) -> bytes:
    """Returns a certificate as files have it."""
    return certificate.public_bytes(Encoding.PEM)
