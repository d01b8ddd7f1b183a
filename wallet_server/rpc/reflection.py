"""grpc.reflection: which services there are, for those who may call any of them."""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from typing import Any

import grpc.aio
from grpc_reflection.v1alpha import reflection, reflection_pb2, reflection_pb2_grpc

from wallet_server.execution.errors import OverloadedError, RefusedError
from wallet_server.rpc.access.gate import Gate
from wallet_server.rpc.context import Context, metadata_of
from wallet_server.rpc.guard import answer

NAME = reflection.SERVICE_NAME

STREAMS_MAX = 64
"""Who may ask at once, in a process: people and their tools, for a moment each."""


class Reflection(reflection_pb2_grpc.ServerReflectionServicer):
    """Answers callers who have proved who they are, whatever they may do."""

    def __init__(self, services: Sequence[str], gate: Gate) -> None:
        """Tells of services by their full names."""
        # Its stubs take an asynchronous generator for a coroutine, and leave types out.
        self._answering: Any = reflection.aio.ReflectionServicer(services)
        self._gate = gate
        self._streams_count = 0

    def register(self, server: grpc.aio.Server) -> None:
        """Answers calls of a server."""
        register: Any = reflection_pb2_grpc.add_ServerReflectionServicer_to_server  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        register(self, server)

    async def ServerReflectionInfo(
        self,
        request_iterator: AsyncIterable[reflection_pb2.ServerReflectionRequest],
        context: Context,
    ) -> AsyncIterator[reflection_pb2.ServerReflectionResponse]:
        try:
            await self._gate.identify(context, metadata_of(context))
        except RefusedError as error:
            await answer(error, NAME, context)
        if self._streams_count >= STREAMS_MAX:
            await answer(OverloadedError(), NAME, context)
        self._streams_count += 1
        try:
            async for response in self._answering.ServerReflectionInfo(request_iterator, context):
                yield response
        finally:
            self._streams_count -= 1
