"""Encryption: TLS, and the certificates of callers."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, Field, model_validator


class Tls(BaseModel):
    """Encryption."""

    tls_certificate_file: Path | None = Field(
        default=None,
        description="The server's certificate, PEM, with those that lead to its root. Read again"
        " for new connections when it was written. Empty: nothing is encrypted.",
    )
    tls_key_file: Path | None = Field(
        default=None, description="Its private key, PEM, without a password."
    )
    tls_client_ca_file: Path | None = Field(
        default=None,
        description="Who signs callers' certificates, PEM. With it every caller must have one, and"
        " is known by it unless a call has a token.",
    )

    @model_validator(mode="after")
    def _has_all_of_them(self) -> Self:
        if (self.tls_certificate_file is None) != (self.tls_key_file is None):
            raise ValueError("tls_certificate_file and tls_key_file need each other")
        if self.tls_client_ca_file is not None and self.tls_certificate_file is None:
            raise ValueError("tls_client_ca_file needs tls_certificate_file")
        return self

    @property
    def is_encrypted(self) -> bool:
        """Whether connections are encrypted."""
        return self.tls_certificate_file is not None
