"""How a bet would be funded."""

from wallet.v1.wallet_queries_pb2 import ExplainFundingResponse
from wallet_server.core.bets.explanation import FundingExplanation
from wallet_server.rpc.encode.bets import fill_funding_line, snapshot_message
from wallet_server.rpc.encode.refusals import encode_refusal
from wallet_server.rpc.encode.values import fill_money


def encode_explanation(
    explanation: FundingExplanation, currency_code: str
) -> ExplainFundingResponse:
    """Encodes how a bet would be funded, in the wallet's currency."""
    message = ExplainFundingResponse(
        provider_type=explanation.provider_type, sequence=explanation.sequence
    )
    for line in explanation.lines:
        fill_funding_line(message.funding_lines.add(), line, currency_code)
    if explanation.snapshot is not None:
        message.snapshot.CopyFrom(snapshot_message(explanation.snapshot))
    if explanation.refusal is not None:
        message.refusal.CopyFrom(encode_refusal(explanation.refusal))
    for each in explanation.considered:
        source = message.considered_sources.add(source=each.source, restriction=each.restriction)
        fill_money(source.available, each.available, currency_code)
    return message
