"""Answers, as they are read again."""

from wallet.v1.wallet_queries_pb2 import Answer as AnswerMessage
from wallet_server.core.answer import Answer
from wallet_server.execution.submission import Answered
from wallet_server.rpc.encode.refusals import encode_refusal
from wallet_server.rpc.encode.values import timestamp
from wallet_server.rpc.kinds import KINDS

FIELDS = {kind.command.__name__: name for name, kind in KINDS.items()}
"""By command: the field of `Answer` that holds its response."""


def encode_answer(answer: Answer, currency_code: str) -> AnswerMessage:
    """Encodes an answer as it was recorded."""
    message = AnswerMessage(
        request_id=answer.request_id,
        sequence=answer.sequence,
        answer_time=timestamp(answer.answer_time),
    )
    if answer.refusal is not None:
        message.refusal.CopyFrom(encode_refusal(answer.refusal))
        return message
    field = FIELDS[answer.command]
    KINDS[field].fill(getattr(message, field), Answered(answer, replayed=True), currency_code)
    return message
