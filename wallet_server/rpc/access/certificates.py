"""Certificates of callers: grpc has checked who signed them; here is whose they are."""

from collections.abc import Callable
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from wallet_server.core.access.credential import CredentialBook, CredentialKind
from wallet_server.core.access.principal import Principal, principal_of
from wallet_server.core.refusals.access import CredentialsInvalid
from wallet_server.execution.errors import RefusedError

BY_NAME, BY_DIGEST = "CN=", "sha256:"

UNREADABLE = (ValueError, x509.UnsupportedGeneralNameType, x509.DuplicateExtension)
"""What a certificate is met with that has what cannot be read, or says it twice."""


def subject_of(certificate: x509.Certificate) -> str:
    """Returns what a certificate's credential must have as its subject.

    Its first URI, such as a SPIFFE id, else `CN=` and the common name, else `sha256:` and its
    digest. Only the first of these that it has counts: whoever may choose a common name could
    otherwise pass for somebody else.

    Raises:
        ValueError: Its URI looks like one of the others.
    """
    uris = uris_of(certificate)
    if uris:
        if uris[0].startswith((BY_NAME, BY_DIGEST)):
            raise ValueError(uris[0])
        return uris[0]
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if names and names[0].value:
        return f"{BY_NAME}{names[0].value!s}"
    return f"{BY_DIGEST}{certificate.fingerprint(SHA256()).hex()}"


def uris_of(certificate: x509.Certificate) -> list[str]:
    """Returns the URIs that a certificate is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return found.value.get_values_for_type(x509.UniformResourceIdentifier)


def verify_certificate(
    encoded: bytes, book: CredentialBook, now: Callable[[], datetime]
) -> Principal:
    """Returns whose a certificate is, in PEM, given what is known of callers.

    Raises:
        RefusedError: It is not accepted, and why.
    """
    try:
        certificate = x509.load_pem_x509_certificate(encoded)
        subject = subject_of(certificate)
    except UNREADABLE as error:
        raise refused("cannot be read") from error
    grant = book.find(CredentialKind.CERTIFICATE, subject)
    if grant is None:
        raise refused(f"is of {subject}, which has no credential")
    end = certificate.not_valid_after_utc
    expire_time = min(end, grant.expire_time or end)
    if expire_time <= now():
        raise refused("has expired, or its credential has")
    return principal_of(
        subject,
        grant.roles,
        grant.tenants,
        player_id=grant.player_id,
        may_vouch=grant.may_vouch,
        credential_id=grant.credential_id,
        expire_time=expire_time,
    )


def refused(why: str) -> RefusedError:
    """Returns that a certificate is not accepted."""
    return RefusedError(CredentialsInvalid(f"the certificate {why}"))
