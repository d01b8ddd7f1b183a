"""Statements on the wire."""

from wallet.v1 import statement_queries_pb2 as pb
from wallet_server.core.statements.reading import AccountBalance, StatementLine, StatementsHead
from wallet_server.rpc.encode.blockers import encode_total
from wallet_server.rpc.encode.values import timestamp


def encode_balance(balance: AccountBalance) -> pb.AccountTotal:
    """Encodes what stands on an account."""
    asset_code, account = balance.key
    return pb.AccountTotal(account=account, balance=encode_total(asset_code, balance.balance))


def encode_line(line: StatementLine) -> pb.StatementLine:
    """Encodes what the commands of a kind did on an account in a day."""
    key, total = line.key, line.total
    return pb.StatementLine(
        date=key.day.isoformat(),
        provider_type=key.provider_type,
        account=key.account,
        command=key.command,
        debits=encode_total(key.asset_code, total.debits),
        credits=encode_total(key.asset_code, total.credits),
        changes_count=total.changes_count,
    )


def encode_head(head: StatementsHead) -> pb.StatementPosition:
    """Encodes to where statements are exact."""
    return pb.StatementPosition(
        position=head.position,
        position_time=None if head.position_time is None else timestamp(head.position_time),
        at_end=head.position >= head.last_position,
        time_zone=head.time_zone,
    )
