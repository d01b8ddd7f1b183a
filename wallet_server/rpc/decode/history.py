"""What reads of the past are asked for. Nothing in a filter is for all."""

from wallet.v1 import wallet_queries_pb2 as pb
from wallet_server.core.accounts import Account, is_of_player
from wallet_server.core.history.causes import BalanceCause
from wallet_server.core.history.entry_filter import EntryFilter, EntrySpan
from wallet_server.core.refusals import AccountNotOfPlayer
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.past_reads import Moment
from wallet_server.rpc.decode.command_kinds import command_kinds
from wallet_server.rpc.decode.values import bound, time, values_by_number
from wallet_server.rpc.validation import FieldViolation, InvalidRequestError

PROVIDER_NEEDED = FieldViolation("round_ref", "needs a provider_id beside it", "REQUIRED")

CAUSES = values_by_number(BalanceCause, pb.BalanceCause, prefix="BALANCE_CAUSE")


def player_account(text: str) -> Account:
    """Decodes an account of the player.

    Raises:
        RefusedError: It is none.
    """
    account = Account(text)
    if not is_of_player(account):
        raise RefusedError(AccountNotOfPlayer(text))
    return account


def moment(request: pb.GetWalletRequest) -> Moment:
    """Decodes a moment of the past; none for now."""
    match request.WhichOneof("at"):
        case "at_sequence":
            return request.at_sequence
        case "at_time":
            return time(request.at_time)
        case None:
            return None


def start_of(request: pb.ExplainBalanceRequest) -> Moment:
    """Decodes where an explanation starts."""
    if request.WhichOneof("start") == "after_time":
        return time(request.after_time)
    return request.after_sequence


def end_of(request: pb.ExplainBalanceRequest) -> Moment:
    """Decodes where an explanation ends; none for now."""
    match request.WhichOneof("end"):
        case "at_sequence":
            return request.at_sequence
        case "at_time":
            return time(request.at_time)
        case None:
            return None


def wanted_entries(request: pb.ListEntriesRequest) -> EntryFilter:
    """Decodes which entries to list.

    Raises:
        InvalidRequestError: A kind of command is none; or a round is named, and no provider.
    """
    if request.round_ref and not request.provider_id:
        raise InvalidRequestError([PROVIDER_NEEDED])
    return EntryFilter(
        request.provider_id,
        (request.bet_ref,) if request.bet_ref else None,
        request.round_ref,
        command_kinds(request.command_kinds),
        request.account,
    )


def wanted_changes(request: pb.ListBalanceChangesRequest, account: Account) -> EntryFilter:
    """Decodes of which entries to list the changes of an account.

    Raises:
        InvalidRequestError: A kind of command is none.
    """
    return EntryFilter(commands=command_kinds(request.command_kinds), account=account)


def span_of(request: pb.ListEntriesRequest) -> EntrySpan:
    """Decodes when the entries were made."""
    return EntrySpan(
        start_time=bound(request.start_time) if request.HasField("start_time") else None,
        end_time=bound(request.end_time) if request.HasField("end_time") else None,
    )


def span_of_changes(request: pb.ListBalanceChangesRequest) -> EntrySpan:
    """Decodes the commands whose changes to list."""
    return EntrySpan(request.after_sequence, request.at_sequence or None)


def wanted_causes(request: pb.ListBalanceChangesRequest) -> frozenset[BalanceCause]:
    """Decodes the causes of which to list changes."""
    return frozenset(CAUSES[number] for number in request.causes)
