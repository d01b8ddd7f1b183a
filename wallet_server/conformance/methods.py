"""The methods that a scenario may call: all of the API's."""

from dataclasses import dataclass
from functools import cache

from google.protobuf.descriptor import Descriptor, FileDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from wallet.v1 import (
    policy_admin_pb2,
    topology_admin_pb2,
    wallet_commands_pb2,
    wallet_queries_pb2,
)

FILES: tuple[FileDescriptor, ...] = (
    wallet_commands_pb2.DESCRIPTOR,
    wallet_queries_pb2.DESCRIPTOR,
    topology_admin_pb2.DESCRIPTOR,
    policy_admin_pb2.DESCRIPTOR,
)

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
        return self.service == COMMANDS and REQUEST_ID in self.request.fields_by_name

    def new_request(self) -> Message:
        """Returns an empty request."""
        return GetMessageClass(self.request)()

    def decode_response(self, data: bytes) -> Message:
        """Returns the response that the bytes are."""
        return GetMessageClass(self.response).FromString(data)


@cache
def methods() -> dict[str, Method]:
    """Returns every method by its short name, such as `WalletQueries.GetBet`."""
    return {
        f"{service.name}.{method.name}": Method(
            service.name,
            method.name,
            f"/{service.full_name}/{method.name}",
            method.input_type,
            method.output_type,
        )
        for file in FILES
        for service in file.services_by_name.values()
        for method in service.methods
    }
