"""TLS: the server's certificate, and whose certificates its callers must have.

The files are read again for connections that begin after they were written, so that certificates
are renewed without a restart. Files that make no sense, such as a key of another certificate while
both are being replaced, are left alone until they do.
"""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

import grpc
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

logger = logging.getLogger(__name__)


class TlsError(Exception):
    """The files are missing or unfit. The message says which and why."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where the certificate is, with those that lead to its root; its key; and who signs callers'.

    With `client_ca` every caller must have a certificate that one of these has signed.
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def paths(self) -> tuple[Path, ...]:
        """Returns all of them."""
        return (self.certificate, self.key, *([self.client_ca] if self.client_ca else []))


class Tls:
    """What connections are encrypted with, as the files say when they begin."""

    def __init__(self, files: TlsFiles) -> None:
        """Reads the files.

        Raises:
            TlsError: They are missing or unfit.
        """
        self._files = files
        self._reading = threading.Lock()
        self._seen = seen_of(files)
        self._configuration = configuration_of(files, read(files))

    def credentials(self) -> grpc.ServerCredentials:
        """Returns what grpc wants of a server."""
        return grpc.dynamic_ssl_server_credentials(
            self._configuration,
            self.current,
            require_client_authentication=self._files.client_ca is not None,
        )

    def current(self) -> grpc.ServerCertificateConfiguration:
        """Returns what counts now. grpc asks from threads of its own, before each connection."""
        with self._reading:
            try:
                seen = seen_of(self._files)
                if seen != self._seen:
                    contents = read(self._files)
                    self._seen = seen  # Of what could be read it is told once what is wrong.
                    self._configuration = configuration_of(self._files, contents)
                    logger.info("certificates", extra={"file": str(self._files.certificate)})
            except TlsError as error:
                logger.warning("the certificates stay as they were: %s", error)
            return self._configuration


def seen_of(files: TlsFiles) -> tuple[tuple[int, int, int], ...]:
    """Returns what is different when a file was written.

    Raises:
        TlsError: A file is missing.
    """
    try:
        stats = [path.stat() for path in files.paths()]
    except OSError as error:
        raise TlsError(f"{error.filename}: {error.strerror}") from error
    return tuple((stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats)


@dataclass(frozen=True, slots=True)
class TlsContents:
    """What is in the files."""

    certificate: bytes
    key: bytes
    client_ca: bytes | None


def read(files: TlsFiles) -> TlsContents:
    """Returns what is in the files.

    Raises:
        TlsError: One cannot be read.
    """
    try:
        return TlsContents(
            files.certificate.read_bytes(),
            files.key.read_bytes(),
            files.client_ca.read_bytes() if files.client_ca else None,
        )
    except OSError as error:
        raise TlsError(f"{error.filename}: {error.strerror}") from error


def configuration_of(files: TlsFiles, contents: TlsContents) -> grpc.ServerCertificateConfiguration:
    """Returns what the contents of the files say.

    Raises:
        TlsError: They are unfit.
    """
    certificate, key, roots = contents.certificate, contents.key, contents.client_ca
    check_pair(files, certificate, key)
    if roots is not None:
        check_certificates(files.client_ca, roots)
    return grpc.ssl_server_certificate_configuration([(key, certificate)], roots)


def check_pair(files: TlsFiles, certificate: bytes, key: bytes) -> None:
    """Makes sure that a key is a certificate's: grpc would only fail with each connection."""
    first = check_certificates(files.certificate, certificate)
    try:
        private = load_pem_private_key(key, password=None)
    except (ValueError, TypeError) as error:
        raise TlsError(f"{files.key}: it is no private key without a password") from error
    kind = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*kind) != first.public_key().public_bytes(*kind):
        raise TlsError(f"{files.key}: it is not the key of {files.certificate}")


def check_certificates(path: Path | None, content: bytes) -> x509.Certificate:
    """Returns the first certificate of a file, once all can be read."""
    try:
        return x509.load_pem_x509_certificates(content)[0]
    except ValueError as error:
        raise TlsError(f"{path}: it is no certificate") from error
