"""What the server in this process says of itself."""

from wallet_server.execution.relay.statistics import RelayStatistics
from wallet_server.server import Server
from wallet_server.serving.numbers import Numbers, read_memory_bytes, read_processor_seconds


def numbers_of(server: Server) -> Numbers:
    """Returns how it is doing now."""
    return Numbers(
        statistics=server.executor.statistics,
        timings=server.executor.timings,
        call_statistics=server.edge.call_statistics,
        due_work=server.due_work.statistics,
        sequencing=server.sequencing.statistics,
        watching=server.hub.statistics,
        relay=RelayStatistics() if server.relaying is None else server.relaying.statistics,
        statements=server.statements.statistics,
        chapters=server.chapters.statistics,
        exports=server.exports.statistics,
        audit=server.audit_log.statistics,
        sealing=server.sealing.statistics,
        queued_commands=server.executor.queued_commands_count,
        calls=server.edge.calls_count,
        processor_seconds=read_processor_seconds(),
        memory_bytes=read_memory_bytes(),
    )
