"""The management endpoint: HTTP for those who run the server."""

from pydantic import BaseModel, Field

from wallet_server.settings_groups.address import Host


class Management(BaseModel):
    """The management endpoint."""

    management_host: Host = Field(
        default="127.0.0.1",
        description="Where `/livez`, `/readyz` and `/metrics` are served: an IP address, or"
        " `localhost`. Whoever reaches it can read how the server is doing.",
    )
    management_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="The port of the same. 0: any free one, which the log tells. Empty: none.",
    )
