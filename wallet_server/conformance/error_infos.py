"""Why something failed, as a status says it."""

from collections.abc import Iterator, Mapping
from functools import cache

from google.protobuf import descriptor_pool
from google.protobuf.any_pb2 import Any
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from google.rpc.status_pb2 import Status

from wallet_server.conformance.methods import services

PACKAGES = ("wallet.v1", "google.rpc")
"""Where the messages are that a status has as details."""


def error_info(status: Status) -> tuple[str, Mapping[str, str]]:
    """Returns the reason and its facts; nothing where the status has none."""
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason, dict(info.metadata)
    return "", {}


def details_in(status: Status) -> dict[str, Message]:
    """Returns what else a status says, by the short names of the messages."""
    return {
        message.DESCRIPTOR.name: message for detail in status.details for message in _unpack(detail)
    }


@cache
def detail_message(name: str) -> Descriptor | None:
    """Returns the message of a short name, or none."""
    for _ in services():
        pass  # All of the API's messages are known from here on.
    for package in PACKAGES:
        try:
            return descriptor_pool.Default().FindMessageTypeByName(f"{package}.{name}")
        except KeyError:
            continue
    return None


def _unpack(detail: Any) -> Iterator[Message]:
    descriptor = detail_message(detail.TypeName().rpartition(".")[2])
    if descriptor is not None:
        message = GetMessageClass(descriptor)()
        if detail.Unpack(message):
            yield message
