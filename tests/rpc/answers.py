"""Calls of any method, whether it gives one answer or a stream of them."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import grpc.aio
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass


async def first_answer(
    channel: grpc.aio.Channel,
    method: MethodDescriptor,
    request: Message,
    *,
    metadata: Sequence[tuple[str, str]] = (),
    is_telling: Callable[[Message], bool] = lambda _: True,
) -> Message:
    """Returns the answer to a call; of a stream the first that tells something.

    Raises:
        AioRpcError: The call is refused.
    """
    path = f"/{method.containing_service.full_name}/{method.name}"
    messages = type(request).SerializeToString, GetMessageClass(method.output_type).FromString
    if not method.server_streaming:
        call: Any = channel.unary_unary(path, *messages)
        return await call(request, metadata=metadata)
    stream: Any = channel.unary_stream(path, *messages)(request, metadata=metadata)
    try:
        async for answer in stream:
            if is_telling(answer):
                return cast("Message", answer)
    finally:
        stream.cancel()
    raise AssertionError("the stream has ended, and told nothing")
