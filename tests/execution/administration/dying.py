"""An activator that is killed: after it has closed the fence, and before it commits.

python -m tests.execution.administration.dying DATABASE_URL VERSION ETAG
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.circumstances import References
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.version import DocumentKind, VersionRef
from wallet_server.execution.administration import activator
from wallet_server.execution.administration.versions import VersionAdmin
from wallet_server.execution.settings import AdministrationSettings
from wallet_server.storage.engine import create_engine

FENCE_SECONDS = 2.0


async def main(database_url: str, version: int, etag: str) -> None:
    """Activates a topology, and dies the second time that it has counted what is in its way."""
    load_references = activator.load_references
    counted = 0

    async def load_and_die(*arguments: Any) -> References:
        nonlocal counted
        references = await load_references(*arguments)
        counted += 1
        if counted == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return references

    setattr(activator, "load_references", load_and_die)  # noqa: B010 - as monkeypatch does.
    settings = AdministrationSettings(activation_fence_seconds=FENCE_SECONDS)
    admin = VersionAdmin(create_engine(database_url), lambda: datetime.now(UTC), settings)
    act = Act("demo", "dying", "TopologyAdmin.ActivateTopology", Actor("bert"))
    await admin.activate(act, VersionRef(DocumentKind.TOPOLOGY, "", version), etag)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
