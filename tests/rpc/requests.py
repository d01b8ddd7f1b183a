"""Commands as the requests that ask for them: what the edge decodes, made again."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_pb2 import WalletRef as WalletRefMessage
from wallet_server.core.bets.bet import ResultOrdering
from wallet_server.core.cashier.deposit import ReversalKind
from wallet_server.core.commands import (
    NOBODY,
    Actor,
    Amount,
    ApproveWithdrawal,
    CancelRolling,
    CloseRound,
    Command,
    ConfirmLimitIncrease,
    DeclineDeposit,
    PlayRound,
    ReleaseSuspense,
    RollbackTransaction,
)
from wallet_server.core.coupons.grant import UseMode, VoidBehavior
from wallet_server.core.ids import BetKey
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import PromotionKind, ReversalMode
from wallet_server.core.rolling.requirement import ReleaseMode
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.task import Task
from wallet_server.rpc.identity import HEADERS

NAMES: Mapping[str, str] = {"valid_from": "valid_from_time", "valid_until": "valid_until_time"}
"""What fields of commands are called on the wire, where that is something else."""

PREFIXES: Mapping[type[Enum], str] = {
    WinKind: "WIN_KIND",
    ResultOrdering: "RESULT_ORDERING",
    ReversalKind: "REVERSAL_KIND",
    AccountStatus: "ACCOUNT_STATUS",
    LimitKind: "LIMIT_KIND",
    LimitPeriod: "LIMIT_PERIOD",
    UseMode: "COUPON_USE_MODE",
    VoidBehavior: "VOID_BEHAVIOR",
    PromotionKind: "PROMOTION_KIND",
    ReversalMode: "REVERSAL_MODE",
    ReleaseMode: "RELEASE_MODE",
}


def request_of(task: Task, tenant_id: str) -> Message:
    """Returns the request for a task, in another tenant."""
    wallet = WalletRefMessage(
        tenant_id=tenant_id,
        player_id=task.wallet.player_id,
        currency_code=task.wallet.currency_code,
    )
    named: dict[str, Any] = {
        "request_id": task.request_id,
        "wallet": wallet,
        "correlation_id": task.correlation_id,
    }
    request: Message = getattr(pb, f"{type(task.command).__name__}Request")(**named)
    return ParseDict(plain_of(task.command), request)


def metadata_of(command: Command) -> tuple[tuple[str, str], ...]:
    """Returns what the metadata of a call says of who asks for a command."""
    actor: Actor = getattr(command, "actor", NOBODY)
    said = zip(HEADERS, (actor.name, ",".join(actor.roles), actor.player_id), strict=True)
    return tuple((name, text) for name, text in said if text)


def plain_of(command: Command) -> dict[str, Any]:
    """Returns what a command says, as proto JSON."""
    plain = fields_of(command)
    plain.pop("actor", None)
    for kind, change in CHANGES.items():
        if isinstance(command, kind):
            change(plain)
    return plain


def fields_of(value: object) -> dict[str, Any]:
    """Returns the fields of a value, under the names that they have on the wire."""
    assert is_dataclass(value)
    plain: dict[str, Any] = {}
    for field in fields(value):
        each = getattr(value, field.name)
        if isinstance(each, BetKey):
            ref = "bet_ref" if field.name == "bet" else f"{field.name}_ref"
            plain |= {"provider_id": each.provider_id, ref: each.bet_ref}
        elif each is not None:
            plain[NAMES.get(field.name, field.name)] = json_of(each)
    return plain


def json_of(value: Any) -> Any:
    """Returns the value of a field as proto JSON."""
    if isinstance(value, datetime):
        time = Timestamp()
        time.FromDatetime(value)
        return time.ToJsonString()
    if isinstance(value, Enum):
        return f"{PREFIXES.get(type(value), 'RESULT_KIND')}_{value.name}"
    if isinstance(value, tuple):
        return [json_of(each) for each in value]
    if isinstance(value, Amount):
        return {"asset_code": value.asset_code, "minor_units": value.minor_units}
    return fields_of(value) if is_dataclass(value) else value


def rename(plain: dict[str, Any], name: str, wire_name: str) -> None:
    """Calls a field what it is called on the wire."""
    plain[wire_name] = plain.pop(name)


def keep_open(plain: dict[str, Any]) -> None:
    """Says the opposite of whether a round is closed, as its request does."""
    plain["keep_open"] = not plain.pop("close")


def decide(plain: dict[str, Any]) -> None:
    """Names the decision on a win."""
    decision = "CREDIT" if plain.pop("credit") else "RETURN"
    plain["decision"] = f"SUSPENSE_DECISION_{decision}"


def leave_out(plain: dict[str, Any], name: str) -> None:
    """Leaves out what no caller can say, only the server itself."""
    assert not plain.pop(name)


CHANGES: Mapping[type[Command], Callable[[dict[str, Any]], None]] = {
    RollbackTransaction: lambda plain: rename(plain, "bet_ref", "transaction_ref"),
    CloseRound: lambda plain: leave_out(plain, "implicit"),
    CancelRolling: lambda plain: leave_out(plain, "expired"),
    DeclineDeposit: lambda plain: leave_out(plain, "expired"),
    ApproveWithdrawal: lambda plain: leave_out(plain, "automatic"),
    ConfirmLimitIncrease: lambda plain: leave_out(plain, "lapsed"),
    PlayRound: keep_open,
    ReleaseSuspense: decide,
}
