"""Tracing: calls, followed to their statements."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field


def check_endpoint(endpoint: str) -> str:
    """Returns the address of a collector, or nothing.

    Raises:
        ValueError: It is no URL of a host and a port.
    """
    parts = urlsplit(endpoint)
    if endpoint and not (parts.scheme in {"http", "https"} and parts.hostname and parts.port):
        raise ValueError("must be a URL such as http://127.0.0.1:4317")
    return endpoint


class Tracing(BaseModel):
    """Tracing."""

    tracing_endpoint: Annotated[str, AfterValidator(check_endpoint)] = Field(
        default="",
        description="Where spans are sent: the URL of an OpenTelemetry collector that takes OTLP"
        " over gRPC, such as `http://127.0.0.1:4317`; `https` for TLS. Empty: nothing is followed.",
    )
    tracing_ratio: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Which part of the calls is followed, and of the turns of work behind them."
        " Where a call brings a `traceparent`, that decides instead.",
    )
