"""Why something failed, as a status says it."""

from collections.abc import Mapping

from google.rpc import error_details_pb2
from google.rpc.status_pb2 import Status


def error_info(status: Status) -> tuple[str, Mapping[str, str]]:
    """Returns the reason and its facts; nothing where the status has none."""
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason, dict(info.metadata)
    return "", {}
