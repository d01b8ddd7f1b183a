"""Addresses to listen at."""

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator

LOCALHOST = "localhost"


def check_host(host: str) -> str:
    """Returns a host if it is one to listen at.

    Raises:
        ValueError: It is neither an IP address nor `localhost`.
    """
    if host != LOCALHOST:
        ip_address(host)
    return host


Host = Annotated[str, AfterValidator(check_host)]
"""An IP address, or `localhost`."""


def is_loopback(host: str) -> bool:
    """Tells whether only this machine reaches the host."""
    return host == LOCALHOST or ip_address(host).is_loopback


def address_of(host: str, port: int) -> str:
    """Returns host and port as one word."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
