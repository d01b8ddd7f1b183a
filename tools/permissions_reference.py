"""Writes docs/reference/permissions.md from the protos and the roles.

python tools/permissions_reference.py           writes it
python tools/permissions_reference.py --check   fails if it is out of date
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor_pool import Default

from wallet_server.core.access.permission import (
    ENDED_BY_ROLE,
    GRANTED_BY_ROLE,
    PERMISSIONS_BY_ROLE,
    Permission,
    Role,
)
from wallet_server.rpc.access.rules import AUDITED, MethodRule
from wallet_server.rpc.edge import SERVICES

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "protos/wallet/v1/permission.proto"
PAGE = ROOT / "docs/reference/permissions.md"

VALUE = re.compile(r"^((?:  //.*\n)+)  PERMISSION_(\w+) = \d+;$", re.MULTILINE)

HEAD = """# Permissions

<!-- Written by tools/permissions_reference.py from the protos and the roles. -->

Every method declares in its proto what its callers must be allowed to do. A caller has the
permissions of all its roles together, for the tenants that its credentials name: see
[authentication](../operating/authentication.md). Roles are written in tokens and credentials as
they stand here.

A caller without the permission is refused with `PERMISSION_MISSING`, one that names a tenant which
its credentials do not name with `TENANT_NOT_ALLOWED`, one that is bound to a player and names
another, or none, with `PLAYER_NOT_ALLOWED`. A `gateway` is always bound to a player.
`WalletCommands.ExecuteBatch` may be called by everybody: each of its commands needs what its own
method needs, and is refused alone. Health is told to everybody, reflection to every caller with
credentials.
"""


def render() -> str:
    """Returns the page."""
    return "\n".join((HEAD, *permissions(), *methods(), *grants()))


def permissions() -> Iterator[str]:
    """Yields what each permission is for, and who has it."""
    yield "## Permissions and roles\n"
    yield "Whoever asks for one marked with * and lacks it is put on record, in an audit record.\n"
    yield "| Permission | Allows to | Roles |"
    yield "| --- | --- | --- |"
    for comment, name in VALUE.findall(PROTO.read_text("utf-8")):
        if name in {"UNSPECIFIED", Permission.OF_EACH_COMMAND.value}:
            continue
        permission = Permission(name)
        mark = " *" if permission in AUDITED else ""
        yield f"| `{name}`{mark} | {sentence(comment)} | {listed(roles_with(permission))} |"
    yield ""


def methods() -> Iterator[str]:
    """Yields what each method asks for, service by service."""
    yield "## Methods\n"
    yield "| Method | Permission | Roles |"
    yield "| --- | --- | --- |"
    for service in SERVICES:
        for method in Default().FindServiceByName(service).methods:
            rule = MethodRule(method)
            roles = listed(roles_with(rule.permission))
            yield f"| `{rule.name}` | `{rule.permission.value}` | {roles or 'everybody'} |"
    yield ""


def grants() -> Iterator[str]:
    """Yields who may give which roles."""
    yield "## Who gives roles\n"
    for role, granted in GRANTED_BY_ROLE.items():
        ended = ENDED_BY_ROLE[role]
        also = "" if ended == granted else f"; and end credentials that have {all_of(ended)}"
        yield f"- `{role.value}` may give {all_of(granted)}{also}."
    yield ""


def all_of(roles: frozenset[Role]) -> str:
    """Returns which roles are meant, by those that are not."""
    without = [other.value for other in Role if other not in roles]
    return f"all but {listed(without)}" if without else "all"


def roles_with(permission: Permission) -> list[str]:
    """Returns the roles that have a permission."""
    return [role.value for role in Role if permission in PERMISSIONS_BY_ROLE[role]]


def listed(names: list[str]) -> str:
    """Returns names as a list of code."""
    return ", ".join(f"`{name}`" for name in names)


def sentence(comment: str) -> str:
    """Returns a comment of the proto as a part of a sentence."""
    text = " ".join(line.removeprefix("  //").strip() for line in comment.splitlines())
    return text[0].lower() + text[1:].rstrip(".")


def main() -> None:
    """Writes the page, or tells whether it is current."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    page = render()
    if not parser.parse_args().check:
        PAGE.write_text(page, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != page:
        sys.exit(f"{PAGE.relative_to(ROOT)}: out of date; python tools/permissions_reference.py")


if __name__ == "__main__":
    main()
