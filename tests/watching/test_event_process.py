"""The process that reads events, as it answers: here, in the process of the test."""

import asyncio
import io
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator

import msgspec
import pytest

from tests.watching.conftest import job_for
from wallet_server.watching.event_process import Answering
from wallet_server.watching.messages import (
    ANSWERS,
    HEAD,
    HeadAsked,
    Told,
    UnavailableTold,
    frame,
)
from wallet_server.watching.running_process import PROGRAM

SECONDS = 1.0
PATIENCE_SECONDS = 60
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


class SilentDatabase:
    """Takes connections, and says nothing to any."""

    def __init__(self) -> None:
        """Listens nowhere yet."""
        self.connections_count = 0
        self.port = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Takes a connection, and keeps it until its caller gives it up."""
        self.connections_count += 1
        await reader.read()
        writer.close()


@pytest.fixture
async def silent() -> AsyncIterator[SilentDatabase]:
    """A database that does not answer."""
    database = SilentDatabase()
    server = await asyncio.start_server(database.take, "127.0.0.1", 0)
    database.port = server.sockets[0].getsockname()[1]
    yield database
    server.close()


def answers_in(out: io.BytesIO) -> list[Told]:
    """Returns what was told."""
    out.seek(0)
    found = list[Told]()
    while head := out.read(HEAD.size):
        _, size_bytes = HEAD.unpack(head)
        found.append(ANSWERS.decode(out.read(size_bytes)).told)
    return found


async def test_where_the_database_says_nothing_all_who_ask_hear_so_at_once(
    silent: SilentDatabase,
) -> None:
    """To wait one after the other would take the last of many as often as long."""
    url = f"postgresql://nobody@127.0.0.1:{silent.port}/nothing?sslmode=disable"
    job = msgspec.structs.replace(job_for(url), statement_timeout_seconds=SECONDS)
    out = io.BytesIO()
    answering = Answering(job, out)

    await asyncio.gather(*(answering.answer(number, HeadAsked("demo")) for number in range(5)))

    assert answers_in(out) == [UnavailableTold()] * 5
    assert silent.connections_count == 1

    await answering.answer(6, HeadAsked("demo"))

    assert answers_in(out) == [UnavailableTold()] * 6
    assert silent.connections_count == 2


async def test_where_nobody_takes_its_answers_it_ends_and_says_nothing() -> None:
    """As where its server was killed. Otherwise those who asked would wait for ever."""
    taken, out = os.pipe()
    os.close(taken)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *PROGRAM), stdin=PIPE, stdout=out, stderr=PIPE
    )
    os.close(out)
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(frame(0, job_for(NOWHERE)))
    for number in range(1, 4):
        process.stdin.write(frame(number, HeadAsked("demo")))

    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            said = await process.stderr.read()
            code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()

    assert (said, code) == (b"", 0)


async def test_where_its_server_dies_before_it_says_anything_it_ends_and_says_nothing() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *PROGRAM), stdin=PIPE, stdout=PIPE, stderr=PIPE
    )

    async with asyncio.timeout(PATIENCE_SECONDS):
        told, said = await process.communicate(b"")

    assert (told, said, process.returncode) == (b"", b"", 0)
