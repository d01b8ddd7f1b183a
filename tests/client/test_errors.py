"""What the client makes of what gRPC itself answers, on a real server."""

import grpc
import pytest

from tests.servers import REQUEST_BYTES_MAX, RunningServer
from wallet.v1.wallet_commands_pb2 import OpenWalletRequest
from wallet_client import InvalidRequestError, WalletClient


async def test_a_request_that_is_too_large_for_grpc_is_the_callers_fault(
    server: RunningServer,
) -> None:
    async with WalletClient(server.target) as wallets:
        with pytest.raises(InvalidRequestError) as caught:
            await wallets.open_wallet(OpenWalletRequest(request_id="r" * REQUEST_BYTES_MAX))

    assert caught.value.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert (caught.value.reason, caught.value.violations) == ("", ())
