"""What must hold between requests, recorded answers and entries."""

from collections import Counter
from collections.abc import Mapping

from google.protobuf import json_format
from google.protobuf.message import Message

from wallet.v1.wallet_commands_pb2 import OpenWalletRequest
from wallet.v1.wallet_queries_pb2 import Answer
from wallet_server.conformance.methods import methods
from wallet_server.conformance.recording import (
    REPLAYED,
    Exchange,
    Recording,
    WalletReading,
)

RECORDED_REFUSALS = ("FAILED_PRECONDITION", "PERMISSION_DENIED")


def find_answer_violations(reading: WalletReading, recording: Recording) -> list[str]:
    """Checks I6, I7, I46 and I48 for every command sent to a wallet."""
    sent = [each for each in recording.exchanges if is_command_for(each, reading)]
    times = Counter(request_id_of(each.request) for each in sent)
    return [
        *_check_sequences(reading, time_went_by=recording.time_went_by),
        *_check_causes(reading, time_went_by=recording.time_went_by),
        *(violation for each in sent for violation in _check_exchange(each, reading.answers)),
        *(
            f"I48: {request_id_of(each.request)} was refused with {each.reply}, and recorded"
            for each in sent
            if each.reply.code not in ("OK", *RECORDED_REFUSALS)
            and times[request_id_of(each.request)] == 1
            and reading.answers.get(request_id_of(each.request)) is not None
        ),
    ]


def is_command_for(exchange: Exchange, reading: WalletReading) -> bool:
    """Tells whether a request is a command for the wallet."""
    if not methods()[exchange.method].is_command:
        return False
    wallet = exchange.request.DESCRIPTOR.fields_by_name["wallet"]
    return getattr(exchange.request, wallet.name) == reading.ref


def request_id_of(request: Message) -> str:
    """Returns the `request_id` of a command's request."""
    field = OpenWalletRequest.DESCRIPTOR.fields_by_name["request_id"]
    return str(getattr(request, field.name))


def _check_sequences(reading: WalletReading, *, time_went_by: bool) -> list[str]:
    """Checks I7: recorded commands are numbered without gaps, but for the server's own."""
    assert reading.wallet is not None
    numbers = Counter(each.sequence for each in reading.answers.values() if each is not None)
    expected = Counter(range(1, reading.wallet.sequence + 1))
    if numbers == expected or (time_went_by and numbers <= expected):
        return []
    return [
        f"I7: sequence {reading.wallet.sequence}, but answers have {sorted(numbers.elements())}"
    ]


def _check_causes(reading: WalletReading, *, time_went_by: bool) -> list[str]:
    """Checks I6 and I48: every entry belongs to an answer that is no refusal.

    Those of due work, whose ids no caller can send, belong to none that a caller has.
    """
    violations: list[str] = []
    answered = {answer.sequence for answer in reading.answers.values() if answer is not None}
    for entry in reading.entries:
        answer = reading.answers.get(entry.request_id)
        is_own = time_went_by and " " in entry.request_id
        if is_own and entry.sequence not in answered:
            continue
        if answer is None or answer.sequence != entry.sequence:
            violations.append(f"I6: entry {entry.sequence} has no command {entry.request_id}")
        elif answer.WhichOneof("result") == "refusal":
            violations.append(f"I48: {entry.request_id} was refused, and posted")
    return violations


def _check_exchange(exchange: Exchange, answers: Mapping[str, Answer | None]) -> list[str]:
    """Checks I46: what was answered is what is recorded."""
    request_id = request_id_of(exchange.request)
    answer = answers.get(request_id)
    reply = exchange.reply
    if reply.response is not None:
        return _check_response(reply.response, answer, request_id)
    if answer is None or reply.code not in RECORDED_REFUSALS:
        return []
    refusal = answer.refusal
    facts = {key: value for key, value in reply.metadata.items() if key != REPLAYED}
    if (refusal.reason, dict(refusal.metadata)) != (reply.reason, facts):
        return [f"I46: {request_id} was refused with {reply}, recorded is {_short(answer)}"]
    return []


def _check_response(response: Message, answer: Answer | None, request_id: str) -> list[str]:
    if answer is None:
        # A known bet or deposit under a new request_id: the first answer again, recorded once.
        replayed = bool(getattr(response, REPLAYED, False))
        return [] if replayed else [f"I46: {request_id} was answered and is not recorded"]
    kind = answer.WhichOneof("result")
    recorded: Message = getattr(answer, kind) if kind else answer
    if _content(recorded) == _content(response):
        return []
    return [f"I46: {request_id} was answered otherwise than recorded: {_short(answer)}"]


def _content(message: Message) -> Message:
    """Returns the message as it would be the first time."""
    copy = type(message)()
    copy.CopyFrom(message)
    copy.ClearField(REPLAYED)
    return copy


def _short(answer: Answer) -> str:
    return json_format.MessageToJson(answer, indent=None, preserving_proto_field_name=True)
