"""Where it listens."""

from pydantic import BaseModel, Field

from wallet_server.settings_groups.address import Host, address_of, is_loopback

DEFAULT_PORT = 50051


class Listening(BaseModel):
    """Where it listens."""

    listen_host: Host = Field(
        default="127.0.0.1",
        description="The address to listen at: an IP address, or `localhost`. Any but loopback"
        " needs `tls_certificate_file`, or `insecure_listen`.",
    )
    listen_port: int = Field(
        default=DEFAULT_PORT, ge=0, le=65535, description="The port to listen at. 0: any free one."
    )
    share_port: bool = Field(
        default=False,
        description="Whether several server processes may listen at one port; the kernel spreads"
        " connections over them.",
    )
    insecure_listen: bool = Field(
        default=False,
        description="Whether to listen beyond loopback though nothing is encrypted here: where"
        " something in front does that, or the network itself keeps everyone else out.",
    )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can call."""
        return is_loopback(self.listen_host)

    @property
    def listen_address(self) -> str:
        """Host and port as grpc wants them."""
        return address_of(self.listen_host, self.listen_port)
