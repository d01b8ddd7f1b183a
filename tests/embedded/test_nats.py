"""The embedded NATS server: starting, stopping, being killed in every way, and what it keeps."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.embedded.processes import is_alive, wait_until
from tests.nats import jetstream, kill
from wallet_server.embedded import nats
from wallet_server.embedded.errors import EmbeddedNatsError
from wallet_server.embedded.nats import EmbeddedNats
from wallet_server.embedded.nats_dir import NatsDir

LAUNCHER = """
import sys
from pathlib import Path
from wallet_server.embedded.nats import EmbeddedNats

server = EmbeddedNats.start(Path(sys.argv[1]))
print(server.pid, server.warden_pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(directory: Path) -> Path:
    return directory / "nats"


async def publish(url: str, count: int) -> None:
    async with jetstream(url) as context:
        await context.add_stream(name="KEPT", subjects=["kept"])
        for number in range(count):
            await context.publish("kept", str(number).encode())


async def count(url: str) -> int:
    async with jetstream(url) as context:
        return (await context.stream_info("KEPT")).state.messages


async def test_it_stops_completely_and_finds_its_streams_again(folder: Path) -> None:
    with EmbeddedNats.start(folder) as server:
        assert server.is_running
        assert is_alive(server.pid)
        await publish(server.url, 3)
    server.stop()  # May be said again.

    assert not server.is_running
    assert not is_alive(server.pid)
    with EmbeddedNats.start(folder) as server:
        assert await count(server.url) == 3


async def test_what_was_acknowledged_outlives_a_kill(folder: Path) -> None:
    with EmbeddedNats.start(folder) as server:
        await publish(server.url, 20)
        await kill(server)
        assert not server.is_running

    with EmbeddedNats.start(folder, listen_port=server.port) as again:
        assert again.url == server.url
        assert await count(again.url) == 20


async def test_only_this_machine_can_reach_it(folder: Path) -> None:
    with EmbeddedNats.start(folder) as server:
        assert server.url == f"nats://127.0.0.1:{server.port}"
        configured = NatsDir(folder).configuration.read_text("utf-8")
        assert 'listen: "127.0.0.1:-1"' in configured


def spawn(folder: Path) -> tuple[subprocess.Popen[str], int, int]:
    """Returns a process that has started a server, and the pids of that and of its warden."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    server_pid, warden_pid = map(int, launcher.stdout.readline().split())
    return launcher, server_pid, warden_pid


def test_it_ends_with_a_launcher_that_is_killed(folder: Path) -> None:
    launcher, server_pid, warden_pid = spawn(folder)
    with launcher:
        launcher.kill()

    wait_until(lambda: not is_alive(server_pid) and not is_alive(warden_pid))


def test_one_that_has_outlived_its_warden_is_stopped_by_the_next(folder: Path) -> None:
    launcher, server_pid, warden_pid = spawn(folder)
    with launcher:
        os.kill(warden_pid, signal.SIGKILL)
        launcher.kill()
    assert is_alive(server_pid)

    with EmbeddedNats.start(folder) as server:
        assert server.pid != server_pid
        wait_until(lambda: not is_alive(server_pid))


def test_a_killed_warden_does_not_keep_it_from_being_stopped(folder: Path) -> None:
    with EmbeddedNats.start(folder) as server:
        os.kill(server.warden_pid, signal.SIGKILL)
        wait_until(lambda: not server.is_running)
        assert is_alive(server.pid)

    wait_until(lambda: not is_alive(server.pid))


def test_a_pid_file_that_names_a_stranger_does_no_harm(folder: Path) -> None:
    folder.mkdir()
    NatsDir(folder).pid_file.write_text(str(os.getpid()))

    with EmbeddedNats.start(folder) as server:
        assert server.is_running


def test_a_directory_in_use_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nats, "STOP_TIMEOUT_SECONDS", 0.05)
    with EmbeddedNats.start(folder), pytest.raises(EmbeddedNatsError, match="in use by"):
        EmbeddedNats.start(folder)


async def test_a_port_that_is_taken_is_told_of(folder: Path, directory: Path) -> None:
    with EmbeddedNats.start(folder) as server:
        with pytest.raises(EmbeddedNatsError, match="address already in use"):
            await asyncio.to_thread(
                EmbeddedNats.start, directory / "other", listen_port=server.port
            )
        assert server.is_running


def test_settings_that_make_no_sense_are_told_of(folder: Path) -> None:
    with pytest.raises(EmbeddedNatsError, match="unknown field"):
        EmbeddedNats.start(folder, settings="nonsense: true")


def test_a_wheel_that_is_missing_is_told_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nats, "DISTRIBUTION", "no-such-distribution")

    with pytest.raises(EmbeddedNatsError, match="is not installed"):
        EmbeddedNats.start(folder)
