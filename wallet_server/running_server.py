"""A server that was put together."""

from dataclasses import dataclass

from wallet_server.execution.administration.audit_log import AuditLog
from wallet_server.execution.administration.scheduling import Scheduling
from wallet_server.execution.chapters.background import Chapters
from wallet_server.execution.draining.background import Draining
from wallet_server.execution.due_work.background import DueWork
from wallet_server.execution.executor import Executor
from wallet_server.execution.relay.background import Relaying
from wallet_server.execution.sealing.background import Sealing
from wallet_server.execution.sequencing.background import Sequencing
from wallet_server.execution.statements.background import Statements
from wallet_server.execution.watching.hub import Hub
from wallet_server.exports.export_processes import ExportProcesses
from wallet_server.rpc.edge import Edge
from wallet_server.settings import Settings


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes calls: its edge and its engine, and what it does by itself."""

    edge: Edge
    executor: Executor
    due_work: DueWork
    audit_log: AuditLog
    sealing: Sealing
    sequencing: Sequencing
    chapters: Chapters
    relaying: Relaying | None
    draining: Draining
    scheduling: Scheduling
    statements: Statements
    hub: Hub
    exports: ExportProcesses

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.edge.port

    def start_own_work(self, settings: Settings) -> None:
        """Begins what a server does by itself, as far as the settings want it to."""
        if settings.due_work_enabled:
            self.due_work.start()
        if settings.draining_enabled:
            self.draining.start()
        if settings.sealing_enabled:
            self.sealing.start()
        if settings.sequencing_enabled:
            self.sequencing.listen(self.hub.poke)
            self.sequencing.start()
        if settings.relay_enabled and self.relaying is not None:
            self.sequencing.listen(self.relaying.poke)
            self.relaying.start()
        if settings.chapters_enabled:
            self.chapters.start()
        if settings.statements_enabled:
            self.statements.start()
        if settings.scheduling_enabled:
            self.scheduling.start()

    def stop_own_work_soon(self) -> None:
        """Begins nothing more of what a server does by itself.

        Sequencing and the relay go on until all commands have been answered.
        """
        self.due_work.stop_soon()
        self.draining.stop_soon()
        self.sealing.stop_soon()
        self.scheduling.stop_soon()
        self.hub.stop_soon()
        self.chapters.stop_soon()
        self.statements.stop_soon()
