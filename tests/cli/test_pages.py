"""The pages on administration: every command in them is carried out, on a real server."""

import re
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.cli.pages import GRPCURL, ROOT, carry_out, open_shell, steps_of
from tests.cli.programs import read_served_port, run, start
from tests.database import Database
from wallet_server.core.administration.blocker import BlockerReason

GUIDE = ROOT / "docs/guide/change-topology-and-policy.md"
TENANTS = ROOT / "docs/operating/tenants.md"
RUNBOOK = ROOT / "docs/operating/topology-rollout.md"
SERVE = "wallet-server serve\n"
ADDRESS = "127.0.0.1:50051"
KEYS = "wallet.key.pub"
FACT = re.compile(r'"(drain_id|credential_id)": "([^"]+)"')
"""What a server makes up. Pages call it by its name in capitals, such as `DRAIN_ID`."""

needs_grpcurl = pytest.mark.skipif(
    shutil.which(GRPCURL) is None, reason="no package brings grpcurl to this platform"
)


async def walk(page: Path, database: Database, folder: Path) -> None:
    """Carries a page out, from its first command to the last."""
    url, facts = database.server_url, dict[str, str]()
    async with open_shell(folder, url) as shell, AsyncExitStack() as ending:
        for step in steps_of(page):
            if step.commands != SERVE:
                printed = await carry_out(shell, step.with_facts(facts))
                facts.update((name.upper(), fact) for name, fact in FACT.findall(printed))
                continue
            environment = {
                "WALLET_DATABASE_URL": url,
                "WALLET_AUTH_KEYS_FILE": str(folder / KEYS),
                "WALLET_WITHOUT_AUTHENTICATION": "false",
                "WALLET_DRAINING_INTERVAL_SECONDS": "0.2",
            }
            serving = start("serve", "--port", "0", **environment)
            running = await ending.enter_async_context(serving)
            facts[ADDRESS] = f"127.0.0.1:{await read_served_port(running)}"
    verified = await run("verify", WALLET_DATABASE_URL=url)
    assert verified.code == 0, verified.stdout


@needs_grpcurl
async def test_topology_and_policy_change_as_the_guide_says(
    database: Database, tmp_path: Path
) -> None:
    await walk(GUIDE, database, tmp_path)


@needs_grpcurl
async def test_a_topology_is_rolled_out_and_back_as_the_runbook_says(
    database: Database, tmp_path: Path
) -> None:
    await walk(RUNBOOK, database, tmp_path)


def test_the_runbook_says_what_to_do_about_everything_in_the_way() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)

    assert rows[: len(BlockerReason)] == [reason.value for reason in BlockerReason]


async def test_a_tenant_gets_access_and_loses_it_as_the_page_says(
    database: Database, tmp_path: Path
) -> None:
    await walk(TENANTS, database, tmp_path)
