"""A fresh server of the runner's own, with a Postgres that is thrown away afterwards."""

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import grpc.aio
from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.conformance.calling import Caller
from wallet_server.conformance.clock import ScenarioClock
from wallet_server.conformance.scenario import Scenario
from wallet_server.conformance.target import TargetError
from wallet_server.core.audit.difference import Difference
from wallet_server.core.config.documents import Document
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role
from wallet_server.execution.activation import ConfigurationInvalidError, apply_documents
from wallet_server.execution.verification import Verification, VerificationScope
from wallet_server.server import Server, open_server
from wallet_server.settings import Settings
from wallet_server.storage import verification as verification_storage
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import migrate

TENANT_ID_CHARACTERS_MAX = 32
CONNECTIONS_MAX = 2

# Nobody reads the data after a crash, so nothing has to be on the disk.
POSTGRES_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class OwnTarget:
    """A server that has a tenant for each scenario, and the runner's clock."""

    def __init__(
        self,
        server: Server,
        caller: Caller,
        engine: AsyncEngine,
        verifying: verification_storage.Connection,
        clock: ScenarioClock,
        database_url: str,
    ) -> None:
        """Takes what `open_own_target` has started."""
        self.database_url = database_url
        self.address = f"127.0.0.1:{server.port}"
        self._server = server
        self.caller = caller
        self._engine = engine
        self._verifying = verifying
        self._clock = clock
        self._numbers = count(1)

    async def reason_to_skip(self, scenario: Scenario) -> str:
        """Returns nothing: every scenario can be played here."""
        del scenario
        return ""

    async def prepare(self, scenario: Scenario) -> str:
        """Sets the scenario's own tenant up, at the start of its time."""
        self._clock.reset()
        tenant_id = f"{next(self._numbers)}-{scenario.id.lower()}"[:TENANT_ID_CHARACTERS_MAX]
        await self.apply(tenant_id, scenario.documents)
        return tenant_id

    def player_id(self, player: str) -> str:
        """Returns the player's own name: the tenant is new."""
        return player

    async def apply(self, tenant_id: str, documents: Sequence[Document]) -> None:
        """Makes documents active, as `wallet-server apply` does. Versions take two persons."""
        now = self._clock.now()
        try:
            await apply_documents(self._engine, tenant_id, documents, now, single_handed=False)
        except ConfigurationInvalidError as error:
            raise TargetError(f"apply: {error}") from error

    def now(self) -> datetime:
        """Returns the scenario's time."""
        return self._clock.now()

    async def advance(self, duration: timedelta) -> None:
        """Lets time go by, and has done what that makes due."""
        self._clock.advance(duration)
        await self._server.scheduling.catch_up()
        await self._server.due_work.catch_up()
        await self._server.draining.catch_up()

    async def audit(self, tenant_id: str) -> Sequence[str]:
        """Returns what `wallet-server verify` finds wrong with the tenant, when all is sealed."""
        await self._server.sealing.catch_up()
        found: list[Difference] = []
        await Verification(self._verifying, found.append).run(VerificationScope(tenant_id))
        return [str(each) for each in found]


@contextmanager
def throw_away_postgres() -> Generator[EmbeddedPostgres]:
    """Starts a Postgres for as long as the block lasts, and its data as long.

    The data is not meant to outlive a crash: Postgres waits for no disk.
    """
    with TemporaryDirectory(prefix="wallet-conformance-") as directory:
        outer = Path(directory)
        outer.chmod(0o711)  # As root, Postgres runs as somebody else, who must get in.
        with EmbeddedPostgres.start(outer / "postgres", settings=POSTGRES_SETTINGS) as postgres:
            yield postgres


@asynccontextmanager
async def open_own_target(*, in_batches: bool = False) -> AsyncGenerator[OwnTarget]:
    """Starts a server for as long as the block lasts. See `Caller` for `in_batches`."""
    async with AsyncExitStack() as ending:
        postgres = ending.enter_context(throw_away_postgres())
        await migrate(postgres.url(Role.OWNER))
        url, clock = postgres.url(Role.SERVER), ScenarioClock()
        # A scenario goes the same way every time: what servers do by themselves is done when it
        # lets time go by, and at its end.
        settings = Settings(
            listen_host="127.0.0.1",
            listen_port=0,
            due_work_enabled=False,
            draining_enabled=False,
            scheduling_enabled=False,
            sealing_enabled=False,
        )
        server = await ending.enter_async_context(
            open_server(settings, url, clock, database_is_checked=True, believes_metadata=True)
        )
        # Connections stay open from scenario to scenario: most of what they cost is the opening.
        engine = create_engine(url, connections_max=CONNECTIONS_MAX)
        ending.push_async_callback(engine.dispose)
        verifying = await ending.enter_async_context(verification_storage.connect(url))
        address = f"127.0.0.1:{server.port}"
        channel = await ending.enter_async_context(grpc.aio.insecure_channel(address))
        caller = Caller(channel, in_batches=in_batches)
        yield OwnTarget(server, caller, engine, verifying, clock, url)
