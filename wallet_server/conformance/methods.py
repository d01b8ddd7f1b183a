"""The methods that a scenario may call: all of the API's."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from google.protobuf.descriptor import Descriptor, FileDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

PACKAGE = "wallet.v1"
MESSAGES_SUFFIX = "_pb2"

COMMANDS = "WalletCommands"
REQUEST_ID = "request_id"


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a service, with its messages."""

    service: str
    name: str
    wire_path: str
    request: Descriptor
    response: Descriptor

    @property
    def is_command(self) -> bool:
        """Tells whether the method is recorded under a `request_id`. A batch as such is not."""
        return self.service == COMMANDS and self.is_named

    @property
    def is_named(self) -> bool:
        """Tells whether each of its requests has a name: what changes something has."""
        return REQUEST_ID in self.request.fields_by_name

    @property
    def is_administrative(self) -> bool:
        """Tells whether the method changes what a tenant is, and not a wallet."""
        return self.is_named and self.service != COMMANDS

    def new_request(self) -> Message:
        """Returns an empty request."""
        return GetMessageClass(self.request)()

    def decode_response(self, data: bytes) -> Message:
        """Returns the response that the bytes are."""
        return GetMessageClass(self.response).FromString(data)


@cache
def methods() -> dict[str, Method]:
    """Returns every method by its short name, such as `WalletQueries.GetBet`, but for streams."""
    return {
        f"{service.name}.{method.name}": Method(
            service.name,
            method.name,
            f"/{service.full_name}/{method.name}",
            method.input_type,
            method.output_type,
        )
        for service in services()
        for method in service.methods
        if not method.server_streaming
    }


def services() -> Iterator[ServiceDescriptor]:
    """Yields every service of the API."""
    for module in iter_modules(import_module(PACKAGE).__path__, f"{PACKAGE}."):
        if module.name.endswith(MESSAGES_SUFFIX):
            file: FileDescriptor = import_module(module.name).DESCRIPTOR
            yield from file.services_by_name.values()
