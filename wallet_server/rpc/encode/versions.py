"""The life of a version, which messages of all kinds of documents tell alike."""

from datetime import datetime
from typing import Any, Protocol

from google.protobuf.timestamp_pb2 import Timestamp

from wallet.v1 import topology_pb2
from wallet_server.core.administration.versions import etag_of
from wallet_server.core.config.configuration import StoredVersion, VersionState
from wallet_server.rpc.encode.values import numbers, timestamp
from wallet_server.shapes.yaml_writing import write_yaml

VERSION_STATES = numbers(VersionState, topology_pb2.VersionState, prefix="VERSION_STATE")


class VersionMessage(Protocol):
    """What the messages of all versions have."""

    tenant_id: str
    version: int
    state: topology_pb2.VersionState.ValueType
    etag: str
    author: str
    approver: str
    comment: str
    yaml: str

    @property
    def create_time(self) -> Timestamp: ...
    @property
    def update_time(self) -> Timestamp: ...
    @property
    def activate_time(self) -> Timestamp: ...


def fill_life(message: VersionMessage, stored: StoredVersion[Any]) -> None:
    """Writes whose version it is, and what became of it so far."""
    message.tenant_id = stored.tenant_id
    message.version = stored.version
    message.state = VERSION_STATES[stored.state]
    message.etag = etag_of(stored)
    message.author = stored.author
    message.approver = stored.approver
    message.comment = stored.comment
    fill_time(message.create_time, stored.create_time)
    fill_time(message.update_time, stored.update_time)
    fill_time(message.activate_time, stored.activate_time)


def fill_time(message: Timestamp, time: datetime | None) -> None:
    """Writes a time, if there is one."""
    if time is not None:
        message.CopyFrom(timestamp(time))


def fill_yaml(message: VersionMessage, stored: StoredVersion[Any]) -> None:
    """Writes what the version says as YAML: as it was written, where it was."""
    message.yaml = stored.source if stored.source is not None else write_yaml(stored.value)
