"""Postgres' settings and its rules of who may connect.

The settings that matter to the wallet are in postgresql.conf beside this file,
each with its reason. Operators get the same file in deploy/postgres/; a test
holds the two equal.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from wallet_server.embedded.data_dir import DataDir
from wallet_server.embedded.endpoint import Endpoint

SHIPPED = Path(__file__).with_name("postgresql.conf")

LOOPBACK = "127.0.0.1"

NAME = re.compile(r"[a-z_][a-z0-9_.]*")


def write_configuration(
    data: DataDir, endpoint: Endpoint, settings: Mapping[str, str], *, has_lz4: bool
) -> None:
    """Writes both files. Of two values for a setting, Postgres takes the last."""
    with_tcp = endpoint.listen_port is not None
    ours = {
        "listen_addresses": LOOPBACK if with_tcp else "",
        "port": str(endpoint.port),
        "unix_socket_directories": str(endpoint.socket_directory),
        "unix_socket_permissions": "0700",
        "hba_file": str(data.authentication),
    }
    assert not settings.keys() & ours.keys(), "the launcher decides where Postgres listens"
    build = {} if has_lz4 else {"wal_compression": "pglz"}
    text = "\n".join(
        [
            SHIPPED.read_text(encoding="utf-8"),
            "# Written by the launcher at each start.",
            *(render(name, value) for name, value in {**build, **settings, **ours}.items()),
            "",
        ]
    )
    _write_readable(data.configuration, text)
    _write_readable(data.authentication, authentication_rules(with_tcp=with_tcp))


def authentication_rules(*, with_tcp: bool) -> str:
    """Returns who may connect: whoever has a password, from this machine."""
    rules = ["# Written by the launcher at each start.", "local all all scram-sha-256"]
    if with_tcp:
        rules.append(f"host all all {LOOPBACK}/32 scram-sha-256")
    return "\n".join([*rules, ""])


def render(name: str, value: str) -> str:
    """Returns a setting as a line of Postgres' configuration."""
    assert NAME.fullmatch(name), f"{name!r} is not the name of a setting"
    assert value.isprintable(), f"the value of {name} must be one line"
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"{name} = '{escaped}'"


def _write_readable(path: Path, text: str) -> None:
    """Writes a file for the account that runs Postgres to read; it holds no secret."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
