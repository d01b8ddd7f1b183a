"""Files are sent as they are made, to those who may have them."""

import asyncio
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.rpc.failures import Failure, failure_of
from tests.servers import RunningServer
from wallet.v1 import exports_pb2 as pb
from wallet.v1.exports_pb2_grpc import ExportsStub
