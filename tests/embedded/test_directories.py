"""Which directories are used, which are refused, and that none is opened to others."""

import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from tests.embedded.clusters import FAST_SETTINGS
from tests.embedded.processes import is_root
from wallet_server.embedded import binaries
from wallet_server.embedded.account import LENDABLE_NAMES, choose_account, find_closed_directory
from wallet_server.embedded.binaries import copy_out, find_binaries, find_package
from wallet_server.embedded.data_dir import default_data_dir, prepare_data_dir
from wallet_server.embedded.errors import BinariesError, ClosedDirectoryError, DataDirError
from wallet_server.embedded.postgres import EmbeddedPostgres

as_root = pytest.mark.skipif(not is_root(), reason="only root lends Postgres another account")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_passwords_are_their_owners_alone(data_dir: Path) -> None:
    EmbeddedPostgres.start(data_dir, settings=FAST_SETTINGS).stop()

    assert mode_of(data_dir / "passwords.json") == 0o600
    assert mode_of(data_dir / "cluster") == 0o700
    assert mode_of(data_dir) == (0o711 if is_root() else 0o700)


def test_a_directory_with_something_else_in_it_is_refused(directory: Path) -> None:
    (directory / "diary.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(DataDirError, match="something else"):
        prepare_data_dir(directory)

    assert [path.name for path in directory.iterdir()] == ["diary.txt"]


def test_a_file_is_refused(directory: Path) -> None:
    (directory / "file").touch()

    with pytest.raises(DataDirError):
        prepare_data_dir(directory / "file")


def test_a_fresh_volume_counts_as_empty(directory: Path) -> None:
    (directory / "lost+found").mkdir()

    assert prepare_data_dir(directory).root == directory.resolve()


@as_root
def test_a_closed_parent_is_named_and_stays_closed(directory: Path) -> None:
    closed = directory / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(ClosedDirectoryError, match="chmod") as caught:
        EmbeddedPostgres.start(closed / "data", settings=FAST_SETTINGS)

    assert caught.value.directory == closed
    assert mode_of(closed) == 0o700
    assert not (closed / "data").exists()


@as_root
def test_a_cluster_stays_with_its_owner(directory: Path) -> None:
    cluster = directory / "cluster"
    assert choose_account(cluster).name in LENDABLE_NAMES

    cluster.mkdir()
    os.chown(cluster, 65534, 65534)
    assert choose_account(cluster).uid == 65534

    os.chown(cluster, 0, 0)
    with pytest.raises(DataDirError, match="root"):
        choose_account(cluster)


def test_root_keeps_its_data_outside_its_closed_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert default_data_dir() == Path("/var/lib/wallet-server")


@pytest.mark.parametrize(
    ("xdg_data_home", "home", "expected"),
    [
        ("/somewhere", "/ignored", "/somewhere/wallet-server"),
        ("relative/is/ignored", "{home}", "{home}/.local/share/wallet-server"),
        (None, "{home}", "{home}/.local/share/wallet-server"),
        (None, "/nonexistent", "/var/tmp/wallet-server-{uid}"),  # noqa: S108 - see data_dir.py.
        (None, None, "/var/tmp/wallet-server-{uid}"),  # noqa: S108
    ],
)
def test_others_keep_it_at_home_if_they_have_one(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    xdg_data_home: str | None,
    home: str | None,
    expected: str,
) -> None:
    uid = 3_999_999_999  # Nobody has it, so there is no home to look up either.
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    for name, setting in (("XDG_DATA_HOME", xdg_data_home), ("HOME", home)):
        if setting is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, setting.format(home=tmp_path))

    assert default_data_dir() == Path(expected.format(home=tmp_path, uid=uid))


@pytest.fixture
def cache_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/var/cache") as parent:
        Path(parent).chmod(0o755)
        monkeypatch.setattr(binaries, "CACHE_DIR", Path(parent) / "cache")
        yield Path(parent) / "cache"


@as_root
def test_programs_under_a_closed_directory_are_copied_once(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = choose_account(Path("/none"))
    closed = create_autospec(find_closed_directory, return_value=Path("/root"))
    monkeypatch.setattr(binaries, "find_closed_directory", closed)

    with ThreadPoolExecutor() as pool:
        found = list(pool.map(find_binaries, [account] * 4))

    assert len(set(found)) == 1
    assert found[0].installation.is_relative_to(cache_dir)
    assert len(list(cache_dir.iterdir())) == 1
    for program in (found[0].postgres, found[0].initdb):
        subprocess.run(
            [program, "--version"], check=True, user=account.uid, group=account.gid, env={}
        )
    assert find_binaries(account) == found[0]


@as_root
def test_a_copy_that_others_could_have_changed_is_not_run(cache_dir: Path) -> None:
    copied = copy_out(find_package(), "0")
    copied.chmod(0o777)

    with pytest.raises(BinariesError, match="nobody else may write"):
        copy_out(find_package(), "0")


@as_root
def test_a_cache_at_a_place_that_all_may_write_to_is_refused(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "CACHE_DIR", directory / "cache")

    with pytest.raises(BinariesError, match="nobody else may write"):
        copy_out(find_package(), "0")
