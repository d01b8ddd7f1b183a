"""Authentication: by what callers prove who they are."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, model_validator

from wallet_server.settings_groups.address import is_loopback


class Authentication(BaseModel):
    """Authentication."""

    auth_keys_file: Path | None = Field(
        default=None,
        description="The public keys that tokens are signed with: a JSON Web Key Set, or PEM. Read"
        " again when it was written.",
    )
    auth_jwks_url: str = Field(
        default="",
        description="Where such a set is, instead of in a file: `https`, or `http` at loopback."
        " Needs `auth_issuer` and `auth_audience`.",
    )
    auth_jwks_age_seconds_max: float = Field(
        default=300.0,
        ge=1,
        le=86_400,
        description="After how long the set is fetched again; sooner where a token names a key"
        " that is not in it.",
    )
    auth_issuer: str = Field(
        default="", description="The `iss` that tokens must have. Empty: any, or none."
    )
    auth_audience: str = Field(
        default="", description="The `aud` that tokens must have. Empty: any, or none."
    )
    auth_token_seconds_max: float = Field(
        default=2_678_400.0,
        ge=1,
        le=31_622_400,
        description="How long a token may live, from `iat` to `exp`. By default 31 days.",
    )
    auth_clock_skew_seconds: float = Field(
        default=30.0,
        ge=0,
        le=300,
        description="How far the clock of whoever issues tokens may be from this server's.",
    )
    auth_poll_seconds: float = Field(
        default=2.0,
        ge=0.1,
        le=60,
        description="How often credentials, revocations and keys are read again: so long a"
        " revoked token may still work.",
    )
    without_authentication: bool = Field(
        default=False,
        description="Whether everybody may do everything, under any name. Only at loopback.",
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.auth_jwks_url:
            if self.auth_keys_file is not None:
                raise ValueError("either auth_keys_file or auth_jwks_url, not both")
            if not self.auth_issuer or not self.auth_audience:
                raise ValueError("auth_jwks_url needs auth_issuer and auth_audience")
            if not is_safe(self.auth_jwks_url):
                raise ValueError("auth_jwks_url must be https, or http at loopback")
        return self

    @property
    def takes_tokens(self) -> bool:
        """Whether callers can prove by tokens who they are."""
        return self.auth_keys_file is not None or bool(self.auth_jwks_url)


def is_safe(url: str) -> bool:
    """Tells whether nobody can change on the way what is at an address."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and is_loopback(parts.hostname or "")
    except ValueError:
        return False
