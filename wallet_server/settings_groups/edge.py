"""The edge: what callers may ask of it."""

from pydantic import BaseModel, Field, SecretStr, field_validator

PAGE_TOKEN_SECRET_CHARACTERS_MIN = 32


class Edge(BaseModel):
    """The edge."""

    concurrent_calls_max: int = Field(
        default=4096,
        ge=1,
        le=1_000_000,
        description="Calls under way at once in one process. One more is refused at once. A call"
        " of many commands is one; its commands are bounded by `lane_queue_commands_max`.",
    )
    request_bytes_max: int = Field(
        default=4_194_304,
        ge=1024,
        le=16_777_216,
        description="The size of one `ExecuteBatch`, encoded. By default 500 of the largest"
        " commands fit. Other requests: up to 256 KiB. All under way in a process: 256 MiB.",
    )
    connection_age_seconds_max: float = Field(
        default=300.0,
        gt=0,
        le=86_400,
        description="How long a caller keeps one connection before it is asked to make a new one,"
        " so that callers spread over processes. With several workers the default is 60.",
    )
    page_token_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signs page tokens: at least 32 characters, the same in every process. Empty:"
        " drawn at start, so that tokens end with the process.",
    )
    drain_seconds: float = Field(
        default=20.0,
        gt=0,
        le=600,
        description="How long calls under way may take to end when the server stops.",
    )
    audit_queue_calls_max: int = Field(
        default=2_000,
        ge=1,
        le=1_000_000,
        description="Refused calls of administrative methods that wait to be put on record. What"
        " comes while as many do is lost to the record, and counted.",
    )

    @field_validator("page_token_secret")
    @classmethod
    def _is_long_enough(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < PAGE_TOKEN_SECRET_CHARACTERS_MIN:
            raise ValueError(f"must have {PAGE_TOKEN_SECRET_CHARACTERS_MIN} characters or more")
        return secret
