"""A client that connects to a server which says goodbye at once goes on to another.

grpc's own retries do not: in a client that has heard the greeting and the goodbye together, they
send a call to the connection that is ending over and over, with all of a processor, until its
time is up. The connection cannot even end meanwhile.
"""

import asyncio
from contextlib import suppress

import pytest

from tests.client.scripted import ScriptedServer, returns
from tests.http2 import ACK, GOAWAY, PING, PREFACE, SETTINGS, frame, read_frame
from wallet.v1.wallet_commands_pb2 import AuthorizeBetRequest, AuthorizeBetResponse
from wallet_client import RetryPolicy, WalletClient

GOODBYE = frame(GOAWAY, payload=(2**31 - 1).to_bytes(4, "big") + bytes(4))

POLICY = RetryPolicy(total_seconds=5, attempt_seconds=5)
"""One attempt takes all the time there is, if nothing ends it."""


PAUSE_SECONDS = 0.2
"""Between the goodbye and the question whether it was heard. A call has begun by then."""


class Door:
    """A port where a server is about to stop: the first who comes is sent away, others are not."""

    def __init__(self, scripted: ScriptedServer) -> None:
        """Brings others to a server that serves."""
        self.scripted = scripted
        self.sent_away_count = 0

    async def open(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lets somebody in."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            if self.sent_away_count:
                await self._bring(reader, writer)
            else:
                self.sent_away_count += 1
                await self._send_away(reader, writer)
        writer.close()

    async def _send_away(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Ends the connection when the goodbye has been heard, as grpc's servers do."""
        await reader.readexactly(len(PREFACE))
        writer.write(frame(SETTINGS) + GOODBYE)
        while await read_frame(reader) != (SETTINGS, ACK):
            pass
        await asyncio.sleep(PAUSE_SECONDS)
        writer.write(frame(PING, payload=bytes(8)))
        while await read_frame(reader) != (PING, ACK):
            pass

    async def _bring(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.scripted.port)
        await asyncio.gather(pass_on(reader, far_writer), pass_on(far_reader, writer))


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Passes on what comes, to its end."""
    while data := await reader.read(65_536):
        writer.write(data)
    writer.close()


@pytest.fixture
def door(scripted: ScriptedServer) -> Door:
    """The way to a server, past one that stops."""
    return Door(scripted)


async def test_a_client_that_is_sent_away_as_it_connects_comes_back(
    scripted: ScriptedServer, door: Door
) -> None:
    scripted.steps = [returns(AuthorizeBetResponse(sequence=7))]
    async with await asyncio.start_server(door.open, "127.0.0.1", 0) as listening:
        port: int = listening.sockets[0].getsockname()[1]
        async with WalletClient(f"127.0.0.1:{port}", policy=POLICY) as wallets:
            response = await wallets.authorize_bet(AuthorizeBetRequest(request_id="r1"))

    assert response.sequence == 7
    assert door.sent_away_count == 1
    assert scripted.request_ids == ["r1"]
