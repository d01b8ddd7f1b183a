"""Starting, stopping, being killed in every way, and coming back with the data."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.embedded.clusters import FAST_SETTINGS, open_directory
from tests.embedded.processes import is_alive, is_root, parent, spawn, wait_until
from wallet_server.embedded.account import Account, choose_account, find_closed_directory
from wallet_server.embedded.errors import DataDirInUseError, StartError
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.processes import find_processes
from wallet_server.embedded.roles import Role

NOBODY = 65534


@pytest.fixture(scope="module")
def begun() -> Iterator[Path]:
    """A data directory with a cluster that was started and stopped once; only to be copied."""
    with open_directory() as directory:
        start(directory / "begun").stop()
        yield directory / "begun"


@pytest.fixture
def old_data_dir(begun: Path, data_dir: Path) -> Path:
    """A copy of it, for what is the same whoever has made the cluster."""
    subprocess.run(["/bin/cp", "-a", str(begun), str(data_dir)], check=True)
    return data_dir


def start(data_dir: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres.start(data_dir, settings=FAST_SETTINGS)


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def value(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_it_stops_completely_and_finds_its_data_again(data_dir: Path) -> None:
    with start(data_dir) as postgres:
        assert postgres.is_running
        assert is_alive(postgres.pid)
        socket_directory = Path(postgres.connect_options(Role.OWNER)["host"])
        await execute(postgres.url(Role.OWNER), "CREATE TABLE kept AS SELECT 7 AS number")
    postgres.stop()

    assert not postgres.is_running
    assert not find_processes(data_dir / "cluster")
    assert is_gone(socket_directory)

    with start(data_dir) as postgres:
        assert await value(postgres.url(Role.OWNER), "SELECT number FROM kept") == 7


def test_no_terminal_can_interrupt_it(old_data_dir: Path) -> None:
    with start(old_data_dir) as postgres:
        for pid in (postgres.pid, postgres.warden_pid):
            assert os.getsid(pid) == os.getpgid(pid) == pid


@pytest.mark.parametrize("argument", ["--alone", "--fork"])
def test_a_killed_parent_leaves_nothing_behind(old_data_dir: Path, argument: str) -> None:
    with parent(old_data_dir, argument) as killed:
        socket_directory = Path(killed.url.partition("host=")[2].partition("&")[0])
        assert socket_directory.exists()
        killed.process.kill()
        wait_until(lambda: not is_alive(killed.warden_pid))

        assert not find_processes(old_data_dir / "cluster")
        assert not socket_directory.exists()
        if killed.child_pid is not None:
            assert is_alive(killed.child_pid)


async def test_a_start_waits_for_the_postgres_of_a_killed_parent(old_data_dir: Path) -> None:
    with parent(old_data_dir) as killed:
        await execute(killed.url, "CREATE TABLE kept AS SELECT 7 AS number")
        killed.process.kill()

        with start(old_data_dir) as postgres:
            assert not is_alive(killed.pid)
            assert await value(postgres.url(Role.OWNER), "SELECT number FROM kept") == 7


async def test_a_start_takes_over_when_parent_and_warden_were_killed(old_data_dir: Path) -> None:
    with parent(old_data_dir) as killed:
        await execute(killed.url, "CREATE TABLE kept AS SELECT 7 AS number")
        old_socket = Path(killed.url.partition("host=")[2].partition("&")[0])
        os.kill(killed.warden_pid, signal.SIGKILL)
        killed.process.kill()
        wait_until(lambda: not is_alive(killed.warden_pid))
        assert is_alive(killed.pid)

        with start(old_data_dir) as postgres:
            assert not is_alive(killed.pid)
            assert is_gone(old_socket)
            assert await value(postgres.url(Role.OWNER), "SELECT number FROM kept") == 7


async def test_a_crashed_postgres_recovers(old_data_dir: Path) -> None:
    with start(old_data_dir) as postgres:
        await execute(postgres.url(Role.OWNER), "CREATE TABLE kept AS SELECT 7 AS number")
        await execute(postgres.url(Role.OWNER), "CREATE TABLE lost AS SELECT 8")
        os.kill(postgres.pid, signal.SIGKILL)
        wait_until(lambda: not postgres.is_running)

    with start(old_data_dir) as postgres:
        assert await value(postgres.url(Role.OWNER), "SELECT 1") == 1


def test_a_killed_warden_does_not_keep_postgres_from_being_stopped(old_data_dir: Path) -> None:
    with start(old_data_dir) as postgres:
        os.kill(postgres.warden_pid, signal.SIGKILL)
        wait_until(lambda: not postgres.is_running)
        assert is_alive(postgres.pid)

    assert not find_processes(old_data_dir / "cluster")


def test_a_pid_that_is_used_again_is_no_postgres(old_data_dir: Path) -> None:
    with start(old_data_dir):
        pid_file = old_data_dir / "cluster" / "postmaster.pid"
        was = pid_file.read_text(encoding="utf-8")
    lines = was.splitlines(keepends=True)

    account = choose_account(old_data_dir / "cluster")
    with subprocess.Popen(["/bin/sleep", "60"], user=account.user, group=account.group) as stranger:
        pid_file.write_text("".join([f"{stranger.pid}\n", *lines[1:]]), encoding="utf-8")
        shutil.chown(pid_file, account.uid, account.gid)
        with start(old_data_dir) as postgres:
            assert postgres.pid != stranger.pid
        assert stranger.poll() is None
        stranger.kill()


def test_a_second_launcher_is_told_who_was_first(old_data_dir: Path) -> None:
    with start(old_data_dir) as postgres:
        with pytest.raises(DataDirInUseError, match=f"process {os.getpid()}") as caught:
            start(old_data_dir)

        assert caught.value.pid == os.getpid()
        assert postgres.is_running
        assert is_alive(postgres.pid)


def test_a_launcher_of_another_process_is_named(old_data_dir: Path) -> None:
    with parent(old_data_dir) as first:
        with pytest.raises(DataDirInUseError) as caught:
            start(old_data_dir)

        assert caught.value.pid == first.process.pid


def test_an_initialization_that_was_killed_leaves_nothing_half_made(data_dir: Path) -> None:
    with spawn(data_dir) as killed:
        wait_until(lambda: any(data_dir.glob("cluster.new-*/PG_VERSION")))
        killed.kill()

    with start(data_dir) as postgres:
        assert postgres.is_running
        assert not [path.name for path in data_dir.glob("cluster.new-*")]


def test_a_failed_start_shows_what_postgres_said(data_dir: Path) -> None:
    with pytest.raises(StartError, match="shared_buffers"):
        EmbeddedPostgres.start(data_dir, settings={**FAST_SETTINGS, "shared_buffers": "much"})

    assert not find_processes(data_dir / "cluster")
    start(data_dir).stop()


def test_a_long_path_is_no_hindrance(directory: Path) -> None:
    data_dir = directory / ("d" * 100) / ("e" * 100)

    with start(data_dir) as postgres:
        assert postgres.is_running


@pytest.mark.skipif(not is_root(), reason="only root can become someone else")
async def test_others_run_it_as_themselves(directory: Path) -> None:
    os.chown(directory, NOBODY, NOBODY)
    # Where the interpreter lies in root's home, the child keeps the right to pass through.
    prefix = [] if nobody_may_run_python() else passing_through()

    with parent(directory / "data", prefix=prefix, user=None if prefix else NOBODY) as other:
        assert other.uid == NOBODY
        assert (directory / "data" / "cluster").stat().st_uid == NOBODY
        assert (directory / "data" / "passwords.json").stat().st_uid == NOBODY
        assert await value(other.url, "SELECT 1") == 1
        other.process.kill()
        wait_until(lambda: not is_alive(other.warden_pid))

        assert not is_alive(other.pid)


def is_gone(path: Path) -> bool:
    return not path.exists()


def nobody_may_run_python() -> bool:
    nobody = Account("nobody", NOBODY, NOBODY)
    paths = (sys.executable, Path(sys.executable).resolve(), __file__)
    return all(find_closed_directory(Path(path).parent, nobody) is None for path in paths)


def passing_through() -> list[str]:
    """Returns a command that becomes nobody but may still enter every directory."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("there is no setpriv, and the interpreter lies under a closed directory")
    return [
        setpriv,
        *(f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
        *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
    ]
