"""As much of HTTP/2 as a peer needs that says little, or nothing when it should."""

import asyncio

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

SETTINGS, PING, GOAWAY = 4, 6, 7

ACK = 1


def frame(kind: int, flags: int = 0, payload: bytes = b"") -> bytes:
    """Returns a frame of the connection."""
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + bytes(4) + payload


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Returns the kind and flags of the next frame.

    Raises:
        asyncio.IncompleteReadError: The peer has ended the connection.
    """
    head = await reader.readexactly(9)
    await reader.readexactly(int.from_bytes(head[:3], "big"))
    return head[3], head[4]


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Connects to a server as a client does, and hears its greeting."""
    writer.write(PREFACE + frame(SETTINGS))
    while await read_frame(reader) != (SETTINGS, ACK):
        pass


async def is_over(reader: asyncio.StreamReader) -> bool:
    """Reads to the end. Returns that there is one."""
    while await reader.read(4096):
        pass
    return True
