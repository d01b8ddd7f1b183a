"""The database."""

from pydantic import BaseModel, Field, SecretStr, field_validator

from wallet_server.database_url import check_database_url


class Database(BaseModel):
    """The database."""

    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="The database, as the server's role:"
        " `postgresql://wallet_server:…@host:5432/wallet`. Required, but for `dev`.",
    )
    owner_database_url: SecretStr = Field(
        default=SecretStr(""),
        description="The same database as the role that owns it; only `migrate` uses it. Empty:"
        " `database_url`.",
    )
    read_database_url: SecretStr = Field(
        default=SecretStr(""),
        description="Where reads of wallets are answered from: a replica of the database, as the"
        " server's role. It may be behind; `minimum_sequence` says how far it must be. Empty:"
        " `database_url`.",
    )
    read_connections_max: int = Field(
        default=8,
        ge=1,
        le=200,
        description="Connections for reads. Each lane has two of its own besides.",
    )
    read_statement_timeout_seconds: float = Field(
        default=5.0, gt=0, le=300, description="How long one statement of a read may take."
    )

    @field_validator("database_url", "owner_database_url", "read_database_url")
    @classmethod
    def _is_url(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value():
            check_database_url(url.get_secret_value())
        return url
